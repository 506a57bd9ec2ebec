import { type Edge, MarkerType, type Node } from "@xyflow/react";
import { type Block, type Blocks, joined } from "../blocks";
import { exitKey, type Mark, type Marks } from "../marks";

/** What a drawn block knows. */
export type BlockData = { block: Block; problems: string[]; mark: Mark | undefined };

export type BlockNode = Node<BlockData, "block">;

const COLOURS: Record<Mark, string> = {
  passed: "var(--mantine-color-teal-filled)",
  added: "var(--mantine-color-teal-filled)",
  failed: "var(--mantine-color-red-filled)",
  removed: "var(--mantine-color-red-filled)",
  waits: "var(--mantine-color-yellow-filled)",
  changed: "var(--mantine-color-orange-filled)",
};

const PLAIN = "var(--mantine-color-dimmed)";

type Drawn = {
  blocks: Blocks;
  marks: Marks;
  /** What is wrong with each block. */
  problems: Record<string, string[]>;
  chosen: string[];
  label: (name: string, block: Block) => string;
  edgeLabel: (from: string, exit: string, to: string) => string;
};

/** The blocks as nodes of the canvas. */
export function nodesOf({ blocks, marks, problems, chosen, label }: Drawn): BlockNode[] {
  return Object.entries(blocks).map(([name, block]) => ({
    id: name,
    type: "block",
    position: { x: block.ui?.x ?? 0, y: block.ui?.y ?? 0 },
    data: { block, problems: problems[name] ?? [], mark: marks.blocks[name] },
    selected: chosen.includes(name),
    ariaLabel: label(name, block),
  }));
}

/** The joined exits as edges of the canvas. */
export function edgesOf({ blocks, marks, edgeLabel }: Drawn): Edge[] {
  return Object.entries(blocks).flatMap(([name, block]) =>
    joined(block)
      .filter(([, target]) => target in blocks)
      .map(([exit, target]): Edge => {
        const key = exitKey(name, exit);
        const mark = marks.exits[key];
        const color = mark ? COLOURS[mark] : PLAIN;
        return {
          id: key,
          source: name,
          sourceHandle: exit,
          target,
          type: "smoothstep",
          label: marks.labels[key],
          ariaLabel: edgeLabel(name, exit, target),
          markerEnd: { type: MarkerType.ArrowClosed, color },
          style: {
            stroke: color,
            strokeWidth: mark ? 3 : 1.5,
            strokeDasharray: mark === "removed" ? "6 4" : undefined,
          },
          animated: false,
        };
      }),
  );
}
