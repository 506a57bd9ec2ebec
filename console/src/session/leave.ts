/** What ends the work on a page: another project, or the end of the session. */
export type Leave = { act: "open"; project: number } | { act: "sign-out" };

/** The address of it. It is a page, so that the one that is left can ask about its unsaved changes first. */
export const LEAVING = "/leaving";
