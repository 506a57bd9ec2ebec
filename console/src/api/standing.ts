let csrfToken = "";
let here: number | undefined;

/** Remember the token that every change must carry; the session's answer holds it. */
export function keepCsrfToken(session: { csrfToken: string } | null) {
  csrfToken = session?.csrfToken ?? "";
}

/** The project that this tab shows from now on; undefined takes whichever the session opens. */
export function stayIn(project: number | undefined) {
  here = project;
}

/** The project that this tab shows, also while another tab opened another one. */
export function projectHere(): number | undefined {
  return here;
}

/** What a request says of the page that it comes from: the project that it shows, and that a change is its session's own. */
export function pageHeaders(method: string): Record<string, string> {
  return {
    ...(here === undefined ? {} : { "X-Project": String(here) }),
    ...(method === "GET" ? {} : { "X-CSRF-Token": csrfToken }),
  };
}
