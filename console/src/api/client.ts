import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { ApiProblem, problemOf } from "./problems";
import type { components, paths } from "./schema";

/** A shape of openapi.json by its name: `Schema<"PoolView">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

let csrfToken = "";

/** Remember the token that every change must carry; the session's answer holds it. */
export function keepCsrfToken(session: { csrfToken: string } | null) {
  csrfToken = session?.csrfToken ?? "";
}

/** Headers for a request that goes out by itself, such as an upload with progress. */
export function changeHeaders(): Record<string, string> {
  return { "X-CSRF-Token": csrfToken };
}

const guard: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("X-CSRF-Token", csrfToken);
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await problemOf(response);
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
