import type { Edge } from "@xyflow/react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Blocks, ExitName } from "../blocks";
import type { Marks } from "../marks";
import { type BlockNode, edgesOf, nodesOf } from "./graph";

/** Blocks with what is drawn beside them, as nodes and edges with names for screen readers. */
export function useDrawn(
  blocks: Blocks,
  marks: Marks,
  problems: Record<string, string[]>,
  chosen: string[],
): { nodes: BlockNode[]; edges: Edge[] } {
  const { t } = useTranslation("workflows");
  return useMemo(() => {
    const drawn = {
      blocks,
      marks,
      problems,
      chosen,
      label: (name: string, { kind }: Blocks[string]) =>
        [t(`kinds.${kind}`), name, ...(problems[name] ?? [])].join(" · "),
      edgeLabel: (from: string, exit: string, to: string) =>
        t("connection", { from, exit: t(`exits.${exit as ExitName}`), to }),
    };
    return { nodes: nodesOf(drawn), edges: edgesOf(drawn) };
  }, [blocks, marks, problems, chosen, t]);
}
