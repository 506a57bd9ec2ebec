import {
  applyNodeChanges,
  Background,
  type Connection,
  Controls,
  type NodeChange,
  ReactFlow,
  useReactFlow,
} from "@xyflow/react";
import { type DragEvent, type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import "@xyflow/react/dist/style.css";
import { type Draft, useDraft } from "../editor/draft";
import { BLOCK } from "../layout";
import classes from "./canvas.module.css";
import type { BlockNode } from "./graph";
import { DRAGGED, isKind } from "./Palette";
import { useSurface } from "./surface";
import { useDrawn } from "./useDrawn";

function sameNames(some: string[], others: string[]): boolean {
  return some.length === others.length && some.every((name) => others.includes(name));
}

/** The nodes while a hand drags and chooses them; the draft hears of it when that is done. */
function useNodes(draft: Draft) {
  const drawn = useDrawn(draft.blocks, draft.marks, draft.problemsOf, draft.chosen);
  const [nodes, setNodes] = useState(drawn.nodes);
  useEffect(() => {
    setNodes((old) =>
      drawn.nodes.map((node) => {
        const before = old.find(({ id }) => id === node.id);
        return before?.measured ? { ...node, measured: before.measured } : node;
      }),
    );
  }, [drawn.nodes]);
  const change = (changes: NodeChange<BlockNode>[]) => {
    const next = applyNodeChanges(
      changes.filter(({ type }) => type !== "remove"),
      nodes,
    );
    setNodes(next);
    const chosen = next.flatMap(({ id, selected }) => (selected ? [id] : []));
    if (changes.some(({ type }) => type === "select") && !sameNames(chosen, draft.chosen)) draft.choose(chosen);
    const keyed = changes.filter((each) => each.type === "position" && !each.dragging && each.position);
    if (keyed.length > 0) draft.move(next.filter(({ id }) => keyed.some((each) => "id" in each && each.id === id)));
  };
  return { nodes, edges: drawn.edges, change };
}

/** Shows all blocks when one was added by a click; one that was dropped stands where it was seen. */
function useShowAdded(blocks: number): RefObject<boolean> {
  const { fitView } = useReactFlow();
  const isDropped = useRef(false);
  const before = useRef(blocks);
  useEffect(() => {
    if (blocks > before.current && !isDropped.current) void fitView({ maxZoom: 1, padding: 0.15 });
    before.current = blocks;
    isDropped.current = false;
  }, [blocks, fitView]);
  return isDropped;
}

/** The draft as a picture in which blocks are put, joined, moved and taken away. */
export function Canvas() {
  const { t } = useTranslation("workflows");
  const draft = useDraft();
  const surface = useSurface();
  const { nodes, edges, change } = useNodes(draft);
  const { screenToFlowPosition } = useReactFlow();
  const isDropped = useShowAdded(nodes.length);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    isDropped.current = true;
    const kind = event.dataTransfer.getData(DRAGGED);
    const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    if (isKind(kind)) draft.add(kind, { x: x - BLOCK.width / 2, y: y - BLOCK.height / 2 });
  };
  const join = ({ source, sourceHandle, target }: Connection) =>
    sourceHandle && draft.join(source, sourceHandle, target);
  return (
    <ReactFlow
      {...surface}
      aria-label={t("canvas.name")}
      nodes={nodes}
      edges={edges}
      nodesDraggable={draft.mayEdit}
      nodesConnectable={draft.mayEdit}
      edgesReconnectable={false}
      deleteKeyCode={draft.mayEdit ? ["Delete", "Backspace"] : null}
      onNodesChange={change}
      onConnect={join}
      onDelete={({ nodes: gone, edges: cut }) =>
        draft.remove(
          gone.map(({ id }) => id),
          cut.map(({ source, sourceHandle }) => [source, sourceHandle ?? ""]),
        )
      }
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      <Background gap={20} />
      <Controls showInteractive={false} className={classes.controls} />
    </ReactFlow>
  );
}
