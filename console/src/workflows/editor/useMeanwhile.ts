import { useEffect, useRef, useState } from "react";
import type { Blocks } from "../blocks";

type Props = { stored: Blocks; blocks: Blocks; isDirty: boolean; take: (theirs: Blocks) => void };

/** What another window or person made of the stored draft, since it was opened here. */
export type Meanwhile = {
  /** `shown`: it stands on the canvas now. `waiting`: unsaved changes here are kept, and saving them replaces it. */
  state: "shown" | "waiting" | null;
  show: () => void;
  dismiss: () => void;
};

/** The same text for the same blocks, in whatever order their names come. */
function textOf(blocks: Blocks): string {
  return JSON.stringify(blocks, (_, inner) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Follows the stored draft: a change of it is taken over while nothing is unsaved here, and is offered otherwise. */
export function useMeanwhile({ stored, blocks, isDirty, take }: Props): [Meanwhile, known: (saved: Blocks) => void] {
  const [first] = useState(() => textOf(stored));
  const known = useRef(first);
  const [state, setState] = useState<Meanwhile["state"]>(null);
  const show = () => {
    take(stored);
    setState("shown");
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at when the stored draft is another one
  useEffect(() => {
    const text = textOf(stored);
    if (text === known.current) return;
    known.current = text;
    if (text === textOf(blocks)) return;
    if (isDirty) setState("waiting");
    else show();
  }, [stored]);
  const know = (saved: Blocks) => {
    known.current = textOf(saved);
    setState(null);
  };
  return [{ state, show, dismiss: () => setState(null) }, know];
}
