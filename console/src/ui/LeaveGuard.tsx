import { lazy, Suspense, useEffect } from "react";
import { useBlocker } from "react-router";
import { hasUnsaved } from "./UnsavedChanges";

const LeaveDialog = lazy(async () => ({ default: (await import("./LeaveDialog")).LeaveDialog }));

/** Asks before a page with unsaved changes is left, for another page or for good. One stands around all pages: the router takes no second. */
export function LeaveGuard() {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => hasUnsaved() && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (hasUnsaved()) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
  if (blocker.state !== "blocked") return null;
  return (
    <Suspense>
      <LeaveDialog onStay={blocker.reset} onLeave={blocker.proceed} />
    </Suspense>
  );
}
