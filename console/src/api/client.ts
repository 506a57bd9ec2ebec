import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { ApiProblem, problemOf } from "./problems";
import { queries, SESSION } from "./queries";
import type { components, paths } from "./schema";
import { pageHeaders } from "./standing";

/** A shape of openapi.json by its name: `Schema<"PoolView">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

const ASKING = "/v1/session";

const OF_SESSION = ["csrf-token", "other-project"];

/** Refused for the session, which ended, is another one or opened another project: this page has to read it anew. */
function isOfSession({ status, code }: ApiProblem): boolean {
  return status === 401 || OF_SESSION.includes(code);
}

/** The problem behind a refused answer; the session is read anew where it is the reason. */
export async function refusalOf(answer: Response): Promise<ApiProblem> {
  const problem = await problemOf(answer);
  if (isOfSession(problem) && !answer.url.endsWith(ASKING)) void queries.invalidateQueries({ queryKey: SESSION });
  return problem;
}

const guard: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(pageHeaders(request.method))) request.headers.set(name, value);
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await refusalOf(response);
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
