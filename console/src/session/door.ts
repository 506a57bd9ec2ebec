import { queries, SESSION } from "@/api/queries";
import { readSession } from "./session";

const OPEN = ["/sign-in", "/forgotten", "/new-password", "/invitation"];

/** The address of the sign-in that leads back to `path`. */
export function signInFrom(path: string): string {
  return `/sign-in?next=${encodeURIComponent(path)}`;
}

/** Turn a visit without a session to the sign-in before any page is loaded. */
export async function turnToSignIn() {
  const { pathname, search } = window.location;
  if (OPEN.includes(pathname)) return;
  const session = await queries.fetchQuery({ queryKey: SESSION, queryFn: readSession }).catch(() => undefined);
  if (session === null) window.history.replaceState(null, "", signInFrom(pathname + search));
}
