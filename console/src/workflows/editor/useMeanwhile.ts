import { useEffect, useRef, useState } from "react";
import type { Blocks } from "../blocks";

type Props = {
  stored: Blocks;
  version: number;
  blocks: Blocks;
  isDirty: boolean;
  take: (theirs: Blocks) => void;
};

/** What another window or person made of the stored draft, since it was opened here. */
export type Meanwhile = {
  /** `shown`: it stands on the canvas now. `waiting`: unsaved changes here are kept, and are refused until one is chosen. */
  state: "shown" | "waiting" | null;
  show: () => void;
  wait: () => void;
  dismiss: () => void;
};

/** What is known of the stored draft: the version that the changes here are based on, and how a save went. */
type Known = { version: () => number; saved: (blocks: Blocks, version: number) => void };

/** The same text for the same blocks, in whatever order their names come. */
function textOf(blocks: Blocks): string {
  return JSON.stringify(blocks, (_, inner) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Follows the stored draft: a change of it is taken over while nothing is unsaved here, and is offered otherwise. */
export function useMeanwhile({ stored, version, blocks, isDirty, take }: Props): [Meanwhile, Known] {
  const [first] = useState(() => textOf(stored));
  const known = useRef(first);
  const base = useRef(version);
  const [state, setState] = useState<Meanwhile["state"]>(null);
  const isBehind = useRef(false);
  const wait = () => {
    isBehind.current = true;
    setState("waiting");
  };
  const follow = () => {
    isBehind.current = false;
    base.current = version;
  };
  const show = () => {
    take(stored);
    follow();
    setState("shown");
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at when the stored draft is another one
  useEffect(() => {
    const text = textOf(stored);
    const isNew = text !== known.current;
    known.current = text;
    if (isNew ? text === textOf(blocks) : !isBehind.current) follow();
    else if (isNew && isDirty) wait();
    else if (isNew) show();
  }, [stored, version]);
  const saved = (blocks: Blocks, version: number) => {
    known.current = textOf(blocks);
    base.current = version;
    isBehind.current = false;
    setState(null);
  };
  const meanwhile = { state, show, wait, dismiss: () => setState(null) };
  return [meanwhile, { version: () => base.current, saved }];
}
