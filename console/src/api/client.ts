import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { ApiProblem, problemOf } from "./problems";
import { queries, SESSION } from "./queries";
import type { components, paths } from "./schema";

/** A shape of openapi.json by its name: `Schema<"PoolView">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

const ASKING = "/v1/session";

let csrfToken = "";

/** Remember the token that every change must carry; the session's answer holds it. */
export function keepCsrfToken(session: { csrfToken: string } | null) {
  csrfToken = session?.csrfToken ?? "";
}

/** Headers for a request that goes out by itself, such as an upload with progress. */
export function changeHeaders(): Record<string, string> {
  return { "X-CSRF-Token": csrfToken };
}

/** Refused for the session, which ended or is another one now: this page has to read it anew. */
function isOfSession({ status, code }: ApiProblem): boolean {
  return status === 401 || code === "csrf-token";
}

const guard: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("X-CSRF-Token", csrfToken);
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return;
    const problem = await problemOf(response);
    if (isOfSession(problem) && !response.url.endsWith(ASKING)) void queries.invalidateQueries({ queryKey: SESSION });
    throw problem;
  },
  onError({ error }) {
    return error instanceof ApiProblem ? error : new ApiProblem(0, "unreachable", String(error), []);
  },
};

/** The API, typed: `client.POST("/v1/pools", { body })`. Throws ApiProblem. */
export const client = createFetchClient<paths>({ baseUrl: window.location.origin });
client.use(guard);

/** The same for pages: `api.useQuery("get", "/v1/pools")`, `api.useMutation("post", "/v1/pools")`. */
export const api = createQueryClient(client);
