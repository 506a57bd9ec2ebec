import { createContext, useContext } from "react";
import type { Schema } from "@/api/client";
import type { Block } from "../blocks";
import type { Name } from "../names";

/** What a block's form works on. */
export type Editing = {
  name: string;
  block: Block;
  /** Set a parameter; empty takes it away. */
  set: (parameter: string, value: unknown) => void;
  /** What `${name}` may stand for here. */
  names: Name[];
  problems: Schema<"Problem">[];
};

export const EditingContext = createContext<Editing | null>(null);

/** The block whose form this is. */
export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (!editing) throw new Error("A block's form stands inside a block's panel.");
  return editing;
}

/** The server's words on one parameter of the block, for the input's error. */
export function useProblem(parameter: string): string | undefined {
  const { name, problems } = useEditing();
  const at = `/blocks/${name}/${parameter}`;
  const found = problems.filter(({ pointer }) => pointer === at || pointer.startsWith(`${at}/`));
  return found.map(({ detail }) => detail).join(" ") || undefined;
}
