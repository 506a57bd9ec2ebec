import type { paths } from "@/api/schema";

/** One code as its own page knows it. */
export type Code = paths["/v1/codes/{code}"]["get"]["responses"][200]["content"]["application/json"];
