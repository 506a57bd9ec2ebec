import { ActionIcon, Button, Group, Switch, Text, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp, IconHierarchy2 } from "@tabler/icons-react";
import { useReactFlow } from "@xyflow/react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { UNMARKED } from "../marks";
import { useDraft } from "./draft";
import { useCounts } from "./useCounts";

/** What stands under the canvas: undo, redo, auto-layout, live counts, and whether all is saved. */
export function Toolbar() {
  const { t } = useTranslation("workflows");
  const draft = useDraft();
  const { fitView } = useReactFlow();
  const counts = useCounts();
  const arrange = () => {
    draft.arrange();
    requestAnimationFrame(() => void fitView({ maxZoom: 1, padding: 0.15 }));
  };
  return (
    <Group justify="space-between">
      <Group gap="xs">
        {draft.mayEdit && (
          <>
            <Tool label={t("undo")} isOff={!draft.canUndo} onClick={draft.undo}>
              <IconArrowBackUp size={18} aria-hidden />
            </Tool>
            <Tool label={t("redo")} isOff={!draft.canRedo} onClick={draft.redo}>
              <IconArrowForwardUp size={18} aria-hidden />
            </Tool>
            <Tool label={t("arrange")} isOff={Object.keys(draft.blocks).length === 0} onClick={arrange}>
              <IconHierarchy2 size={18} aria-hidden />
            </Tool>
          </>
        )}
        {draft.workflow.version > 0 && (
          <Switch
            size="sm"
            label={t("counts.show")}
            checked={counts.isOn}
            onChange={({ currentTarget }) => counts.turn(currentTarget.checked)}
          />
        )}
      </Group>
      {draft.marks !== UNMARKED && !counts.isOn && (
        <Button size="compact-xs" variant="subtle" onClick={() => draft.setMarks(UNMARKED)}>
          {t("clearMarks")}
        </Button>
      )}
      <Text size="xs" c="dimmed" role="status">
        {counts.sentence ?? t(draft.isDirty ? "unsaved" : "allSaved")}
      </Text>
    </Group>
  );
}

type ToolProps = { label: string; isOff: boolean; onClick: () => void; children: ReactNode };

function Tool({ label, isOff, onClick, children }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size="lg" aria-label={label} disabled={isOff} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
