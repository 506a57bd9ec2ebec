import { useId, useLayoutEffect } from "react";

const unsaved = new Set<string>();

/** Whether anything on the page is not saved. */
export function hasUnsaved(): boolean {
  return unsaved.size > 0;
}

/** Stands in a form, as many as a page has, and says whether it holds unsaved changes; `LeaveGuard` asks about them. */
export function UnsavedChanges({ isThere }: { isThere: boolean }) {
  const id = useId();
  // told before anything can move the page, so that nothing that was saved just now is asked about
  useLayoutEffect(() => {
    if (!isThere) return;
    unsaved.add(id);
    return () => {
      unsaved.delete(id);
    };
  }, [isThere, id]);
  return null;
}
