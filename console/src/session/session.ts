import { useQuery } from "@tanstack/react-query";
import { client, keepCsrfToken, type Schema } from "@/api/client";
import { ApiProblem } from "@/api/problems";

/** Who is signed in, in which project, with which rights. */
export type Session = Schema<"SessionView"> & { project: NonNullable<Schema<"SessionView">["project"]> };

export const SESSION = ["session"];

/** The session, null when nobody is signed in. */
export async function readSession(): Promise<Schema<"SessionView"> | null> {
  try {
    const { data } = await client.GET("/v1/session");
    keepCsrfToken(data ?? null);
    return data ?? null;
  } catch (problem) {
    if (problem instanceof ApiProblem && problem.status === 401) {
      keepCsrfToken(null);
      return null;
    }
    throw problem;
  }
}

/** The session as a query: `data` is undefined while it is read. */
export function useSessionQuery() {
  return useQuery({ queryKey: SESSION, queryFn: readSession, staleTime: 60_000 });
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
