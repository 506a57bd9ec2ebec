import { useQuery } from "@tanstack/react-query";
import { client, type Schema } from "@/api/client";
import { ApiProblem } from "@/api/problems";
import { queries, SESSION } from "@/api/queries";
import { keepCsrfToken, projectHere, stayIn } from "@/api/standing";

/** Who is signed in, in which project, with which rights. */
export type Session = Visit & { project: NonNullable<Visit["project"]> };

/** What the server said of the session. `hasEnded`: it says so no more; `isElsewhere`: another tab opened another project. */
type Visit = Schema<"SessionView"> & { hasEnded?: boolean; isElsewhere?: boolean };

const FRESH_MS = 60_000;

/** The session, null when nobody is signed in. One that ended while a page was open stays, so that the page stays too. */
export async function readSession(): Promise<Visit | null> {
  try {
    const { data } = await client.GET("/v1/session");
    keepCsrfToken(data ?? null);
    if (projectHere() === undefined) stayIn(data?.project?.id);
    return data ? { ...data, isElsewhere: data.project?.id !== projectHere() } : null;
  } catch (problem) {
    if (!(problem instanceof ApiProblem && problem.status === 401)) throw problem;
    keepCsrfToken(null);
    const before = queries.getQueryData<Visit | null>(SESSION);
    return before ? { ...before, hasEnded: true } : null;
  }
}

/** The session as a query: `data` is undefined while it is read. */
export function useSessionQuery() {
  return useQuery({
    queryKey: SESSION,
    queryFn: readSession,
    staleTime: ({ state }) => (state.data?.hasEnded ? 0 : FRESH_MS),
    refetchOnWindowFocus: "always",
  });
}

/** The session of a page behind the sign-in, where there always is one. */
export function useSession(): Session {
  const { data } = useSessionQuery();
  if (!data?.project) throw new Error("This page stands behind the sign-in.");
  return { ...data, project: data.project };
}

/** Whether this person may change things; a viewer only looks. */
export function useMayEdit(): boolean {
  return useSession().role !== "viewer";
}

/** Whether this person may also change what the project rests on: people, keys, channels, its own settings. */
export function useIsOwner(): boolean {
  return useSession().role === "owner";
}
