import dagre from "@dagrejs/dagre";
import { type Block, type Blocks, joined, ordered, type Place } from "./blocks";
import { moved } from "./edits";

/** The size of a drawn block; what it says is cut to these lines. */
export const BLOCK = { width: 220, height: 116 };

const END_HEIGHT = 56;

const GAPS = { nodesep: 40, ranksep: 56 };

function heightOf({ kind }: Block): number {
  return kind === "end" ? END_HEIGHT : BLOCK.height;
}

/** Places for all blocks, from the start downwards, so that connections cross as little as can be. */
export function layout(blocks: Blocks): Record<string, Place> {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "TB", ...GAPS });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [name, block] of ordered(blocks)) graph.setNode(name, { width: BLOCK.width, height: heightOf(block) });
  for (const [name, block] of ordered(blocks))
    for (const [, target] of joined(block)) if (target in blocks) graph.setEdge(name, target);
  dagre.layout(graph);
  return Object.fromEntries(
    Object.entries(blocks).map(([name, block]) => {
      const { x, y } = graph.node(name);
      return [name, { x: Math.round(x - BLOCK.width / 2), y: Math.round(y - heightOf(block) / 2) }];
    }),
  );
}

/** The blocks, each with a place: all anew when one has none. */
export function placed(blocks: Blocks): Blocks {
  const isPlaced = Object.values(blocks).every(({ ui }) => typeof ui?.x === "number" && typeof ui.y === "number");
  return isPlaced ? blocks : moved(blocks, layout(blocks));
}

/** Where a new block stands: below the block that it follows, else below all. */
export function placeBelow(blocks: Blocks, from?: string): Place {
  const above = from === undefined ? undefined : blocks[from]?.ui;
  const x = above?.x ?? 0;
  const taken = Object.values(blocks).map(({ ui }) => ({ x: ui?.x ?? 0, y: ui?.y ?? 0 }));
  if (taken.length === 0) return { x: 0, y: 0 };
  const lowest = Math.max(...taken.map(({ y }) => y));
  const place = { x, y: (above?.y ?? lowest) + BLOCK.height + GAPS.ranksep };
  while (taken.some((other) => Math.abs(other.x - place.x) < BLOCK.width && Math.abs(other.y - place.y) < BLOCK.height))
    place.x += BLOCK.width + GAPS.nodesep;
  return place;
}
