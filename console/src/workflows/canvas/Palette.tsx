import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { KIND_NAMES, type KindName } from "../blocks";
import { useDraft } from "../editor/draft";
import { KINDS } from "../kinds";
import classes from "./canvas.module.css";

/** The kind of data under which a dragged block's kind travels. */
export const DRAGGED = "application/x-tearoff-block";

/** Whether a word is a kind of blocks. */
export function isKind(word: string): word is KindName {
  return (KIND_NAMES as readonly string[]).includes(word);
}

/** The kinds of blocks, to be dragged onto the canvas or added by a click. */
export function Palette() {
  const { t } = useTranslation("workflows");
  const { add, blocks } = useDraft();
  const hasStart = Object.values(blocks).some(({ kind }) => kind === "start");
  return (
    <Group gap="xs" role="toolbar" aria-label={t("palette")}>
      {KIND_NAMES.map((kind) => {
        const { icon: Icon, colour } = KINDS[kind];
        return (
          <Button
            key={kind}
            size="compact-sm"
            variant="default"
            className={classes.palette}
            draggable
            disabled={kind === "start" && hasStart}
            leftSection={<Icon size={16} color={`var(--mantine-color-${colour}-text)`} aria-hidden />}
            aria-label={t("addBlock", { kind: t(`kinds.${kind}`) })}
            onDragStart={(event) => event.dataTransfer.setData(DRAGGED, kind)}
            onClick={() => add(kind)}
          >
            {t(`kinds.${kind}`)}
          </Button>
        );
      })}
    </Group>
  );
}
