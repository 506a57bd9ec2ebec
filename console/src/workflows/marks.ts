import type { Schema } from "@/api/client";
import { number } from "@/ui/format";
import { type Blocks, joined } from "./blocks";

/** How a block or a connection is drawn: as part of a path, or as part of a difference. */
export type Mark = "passed" | "failed" | "waits" | "added" | "removed" | "changed";

/** What is drawn on a canvas beside the blocks; connections go by `block:exit`. */
export type Marks = {
  blocks: Record<string, Mark>;
  exits: Record<string, Mark>;
  labels: Record<string, string>;
};

export const UNMARKED: Marks = { blocks: {}, exits: {}, labels: {} };

/** The key of a connection. */
export function exitKey(block: string, exit: string): string {
  return `${block}:${exit}`;
}

type Passed = { block: string; exit: string | null; error: string | null; kind: string };

/** The way that steps tell; the block where it ended is drawn by how it ended. */
export function pathOf(steps: Passed[], end: { block: string; state: string }): Marks {
  const blocks: Record<string, Mark> = {};
  const exits: Record<string, Mark> = {};
  for (const { block, exit, error } of steps) {
    blocks[block] = error ? "failed" : "passed";
    if (exit) exits[exitKey(block, exit)] = "passed";
  }
  if (end.state === "failed" || end.state === "stopped") blocks[end.block] = "failed";
  else if (end.state !== "done") blocks[end.block] = "waits";
  return { blocks, exits, labels: {} };
}

type Difference = Schema<"Diff">;

function exitsOf(blocks: Blocks, name: string): string[] {
  return joined(blocks[name] ?? { kind: "end" }).map(([exit]) => exitKey(name, exit));
}

/** How the older (or the newer) of two definitions is drawn, so that one sees what became of it in the other. */
export function differenceOf(difference: Difference, side: "older" | "newer", blocks: Blocks): Marks {
  const [alone, mark] =
    side === "older" ? [difference.removed, "removed" as const] : [difference.added, "added" as const];
  const marked: Marks = { blocks: {}, exits: {}, labels: {} };
  for (const { block } of alone) {
    marked.blocks[block] = mark;
    for (const key of exitsOf(blocks, block)) marked.exits[key] = mark;
  }
  for (const { block, fields, exits } of difference.changed) {
    if (fields.length > 0) marked.blocks[block] = "changed";
    for (const { name, before, after } of exits)
      marked.exits[exitKey(block, name)] = before && after ? "changed" : mark;
  }
  return marked;
}

/** How many runs went through each connection, as its label. */
export function countsOf(counted: Schema<"BlockCount">[]): Record<string, string> {
  return Object.fromEntries(
    counted.flatMap(({ block, exits }) =>
      Object.entries(exits).map(([exit, runs]) => [exitKey(block, exit), number(runs)]),
    ),
  );
}
