import { useComputedColorScheme } from "@mantine/core";
import type { ReactFlowProps } from "@xyflow/react";
import { useTranslation } from "react-i18next";
import { BlockNode } from "./BlockNode";
import type { BlockNode as Drawn } from "./graph";

const NODE_TYPES = { block: BlockNode };
const FIT = { maxZoom: 1, padding: 0.15 };

/** What an editable and a read-only canvas share: colours, kinds of nodes, words for screen readers. */
export function useSurface(): Partial<ReactFlowProps<Drawn>> {
  const { t } = useTranslation("workflows");
  return {
    colorMode: useComputedColorScheme("light"),
    nodeTypes: NODE_TYPES,
    fitView: true,
    fitViewOptions: FIT,
    minZoom: 0.2,
    maxZoom: 1.5,
    ariaLabelConfig: {
      "node.a11yDescription.default": t("canvas.nodeHint"),
      "node.a11yDescription.keyboardDisabled": t("canvas.nodeHint"),
      "edge.a11yDescription.default": t("canvas.edgeHint"),
      "controls.ariaLabel": t("canvas.controls"),
      "controls.zoomIn.ariaLabel": t("canvas.zoomIn"),
      "controls.zoomOut.ariaLabel": t("canvas.zoomOut"),
      "controls.fitView.ariaLabel": t("canvas.fit"),
      "controls.interactive.ariaLabel": t("canvas.lock"),
      "minimap.ariaLabel": t("canvas.map"),
      "handle.ariaLabel": t("canvas.handle"),
    },
  };
}
