import { MutationCache, QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "./problems";

/** The key under which the session is kept. */
export const SESSION = ["session"];

const FRESH_MS = 5_000;
const TRIES_MAX = 2;
const UNREACHABLE_PAUSE_MS = 5_000;

function isWorthAnotherTry(failures: number, error: unknown): boolean {
  const status = error instanceof ApiProblem ? error.status : 0;
  return failures < TRIES_MAX && (status === 0 || status >= 500);
}

/** A page that could not reach the server asks on, and so shows its things as soon as the server is back. */
function pauseAfter(error: unknown): number | false {
  return error instanceof ApiProblem && error.status === 0 ? UNREACHABLE_PAUSE_MS : false;
}

/** What pages have read; every change makes all of it stale, so that no page shows what is no longer so. */
export const queries: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: isWorthAnotherTry,
      refetchInterval: ({ state }) => pauseAfter(state.error),
    },
  },
  mutationCache: new MutationCache({ onSuccess: () => void queries.invalidateQueries() }),
});
