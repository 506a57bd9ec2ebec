import { Box } from "@mantine/core";
import { Background, Controls, ReactFlow } from "@xyflow/react";
import { useMemo } from "react";
import "@xyflow/react/dist/style.css";
import type { Blocks } from "../blocks";
import { moved } from "../edits";
import { layout } from "../layout";
import type { Marks } from "../marks";
import classes from "./canvas.module.css";
import { useSurface } from "./surface";
import { useDrawn } from "./useDrawn";

const NOTHING_WRONG = {};
const NOTHING_CHOSEN: string[] = [];

type Props = {
  label: string;
  blocks: Blocks;
  marks: Marks;
  height?: number | string;
  onOpen?: (block: string) => void;
};

/** Blocks as a picture that is only looked at: a version, or a run's way through it. */
export function Picture({ label, blocks, marks, height = 460, onOpen }: Props) {
  const surface = useSurface();
  const laid = useMemo(() => moved(blocks, layout(blocks)), [blocks]);
  const { nodes, edges } = useDrawn(laid, marks, NOTHING_WRONG, NOTHING_CHOSEN);
  return (
    <Box h={height} className={classes.frame}>
      <ReactFlow
        {...surface}
        aria-label={label}
        nodes={nodes}
        edges={edges}
        nodesDraggable={false}
        nodesConnectable={false}
        elementsSelectable={onOpen !== undefined}
        onNodeClick={(_, { id }) => onOpen?.(id)}
      >
        <Background gap={20} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </Box>
  );
}
