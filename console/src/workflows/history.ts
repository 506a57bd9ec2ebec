import { useReducer } from "react";

/** A state with what it was before and, after an undo, what it was later. `tag` names the edit that made it. */
type Told<State> = { past: State[]; present: State; future: State[]; tag: string };

type Act<State> = { act: "edit"; change: (now: State) => State; tag: string } | { act: "undo" } | { act: "redo" };

const STATES_MAX = 200;

function told<State>(before: Told<State>, asked: Act<State>): Told<State> {
  const { past, present, future, tag } = before;
  if (asked.act === "undo") {
    const last = past.at(-1);
    if (last === undefined) return before;
    return { past: past.slice(0, -1), present: last, future: [present, ...future], tag: "" };
  }
  if (asked.act === "redo") {
    const [next, ...later] = future;
    return next === undefined ? before : { past: [...past, present], present: next, future: later, tag: "" };
  }
  const changed = asked.change(present);
  if (changed === present) return before;
  const isSameEdit = asked.tag !== "" && asked.tag === tag;
  return {
    past: isSameEdit ? past : [...past, present].slice(-STATES_MAX),
    present: changed,
    future: [],
    tag: asked.tag,
  };
}

export type History<State> = {
  present: State;
  /** Change the state. Edits in a row with the same tag, such as letters typed into one field, are undone together. */
  edit: (change: (now: State) => State, tag?: string) => void;
  undo: () => void;
  redo: () => void;
  canUndo: boolean;
  canRedo: boolean;
};

/** A state that can be undone and redone. */
export function useHistory<State>(first: State): History<State> {
  const [all, act] = useReducer(told<State>, { past: [], present: first, future: [], tag: "" });
  return {
    present: all.present,
    edit: (change, tag = "") => act({ act: "edit", change, tag }),
    undo: () => act({ act: "undo" }),
    redo: () => act({ act: "redo" }),
    canUndo: all.past.length > 0,
    canRedo: all.future.length > 0,
  };
}
