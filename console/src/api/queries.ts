import { MutationCache, QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "./problems";

/** The key under which the session is kept. */
export const SESSION = ["session"];

const FRESH_MS = 5_000;
const TRIES_MAX = 2;

function isWorthAnotherTry(failures: number, error: unknown): boolean {
  const status = error instanceof ApiProblem ? error.status : 0;
  return failures < TRIES_MAX && (status === 0 || status >= 500);
}

/** What pages have read; every change makes all of it stale, so that no page shows what is no longer so. */
export const queries: QueryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: FRESH_MS, retry: isWorthAnotherTry } },
  mutationCache: new MutationCache({ onSuccess: () => void queries.invalidateQueries() }),
});
