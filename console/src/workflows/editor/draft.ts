import { createContext, useContext } from "react";
import type { Schema } from "@/api/client";
import type { Blocks, KindName, Place } from "../blocks";
import type { Marks } from "../marks";
import type { Meanwhile } from "./useMeanwhile";

/** The parts of the panel beside the canvas. */
export type Panel = "block" | "list" | "problems" | "test";

type Moved = { id: string; position: Place };

/** The workflow that is being changed, and all that can be done to it. */
export type Draft = {
  workflow: Schema<"WorkflowView">;
  blocks: Blocks;
  mayEdit: boolean;
  isDirty: boolean;
  meanwhile: Meanwhile;
  /** The blocks that are chosen; the panel shows the form of a single one. */
  chosen: string[];
  choose: (names: string[]) => void;
  panel: Panel;
  show: (panel: Panel) => void;
  marks: Marks;
  setMarks: (marks: Marks) => void;
  problems: Schema<"Problem">[];
  problemsOf: Record<string, string[]>;
  /** Add a block, after the chosen one unless a place is given. */
  add: (kind: KindName, place?: Place) => void;
  remove: (names: string[], exits?: [block: string, exit: string][]) => void;
  join: (from: string, exit: string, to: string | null) => void;
  set: (name: string, parameter: string, value: unknown) => void;
  rename: (from: string, to: string) => void;
  move: (moved: Moved[]) => void;
  arrange: () => void;
  undo: () => void;
  redo: () => void;
  canUndo: boolean;
  canRedo: boolean;
  /** Keep the draft, unless somebody saved another one since this one was begun. */
  save: () => Promise<void>;
  /** Keep the draft in the place of the one that this page knows to be somebody else's. */
  saveOver: () => Promise<void>;
  isSaving: boolean;
  failure: unknown;
};

export const DraftContext = createContext<Draft | null>(null);

/** The workflow of the editor around this. */
export function useDraft(): Draft {
  const draft = useContext(DraftContext);
  if (!draft) throw new Error("This stands inside the editor.");
  return draft;
}
