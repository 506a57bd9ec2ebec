import { Group, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangleFilled } from "@tabler/icons-react";
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { useTranslation } from "react-i18next";
import { EXITS } from "../blocks";
import { KINDS } from "../kinds";
import { useSummary } from "../summaries";
import classes from "./canvas.module.css";
import type { BlockNode as Drawn } from "./graph";

/** A block as it is drawn: its kind, its name, what it is set to, and its exits. */
export function BlockNode({ id, data, selected, isConnectable }: NodeProps<Drawn>) {
  const { t } = useTranslation("workflows");
  const { block, problems, mark } = data;
  const { icon: Icon, colour } = KINDS[block.kind];
  const summary = useSummary(block);
  const isWrong = problems.length > 0;
  return (
    <div
      className={classes.block}
      data-kind={block.kind}
      data-mark={mark}
      data-wrong={isWrong || undefined}
      data-chosen={selected || undefined}
    >
      {block.kind !== "start" && (
        <Handle type="target" position={Position.Top} className={classes.handle} isConnectable={isConnectable} />
      )}
      <Group gap="xs" wrap="nowrap" className={classes.head}>
        <ThemeIcon variant="light" color={colour} size="md">
          <Icon size={18} stroke={1.7} aria-hidden />
        </ThemeIcon>
        <div className={classes.title}>
          <Text size="sm" fw={600} lh={1.2} truncate>
            {t(`kinds.${block.kind}`)}
          </Text>
          <Text size="xs" c="dimmed" lh={1.3} truncate>
            {id}
          </Text>
        </div>
        {isWrong && (
          <IconAlertTriangleFilled
            size={18}
            className={classes.wrong}
            role="img"
            aria-label={t("problems.count", { count: problems.length })}
          />
        )}
      </Group>
      <div className={classes.body}>
        {summary.slice(0, EXITS[block.kind].length > 1 ? 2 : 3).map((line) => (
          <Text key={line} size="xs" lh={1.4} truncate>
            {line}
          </Text>
        ))}
      </div>
      <Exits kind={block.kind} isConnectable={isConnectable} />
    </div>
  );
}

function Exits({ kind, isConnectable }: { kind: Drawn["data"]["block"]["kind"]; isConnectable: boolean }) {
  const { t } = useTranslation("workflows");
  const exits = EXITS[kind];
  return (
    <div className={classes.exits}>
      {exits.map((exit, n) => (
        <div key={exit} className={classes.exit}>
          {exits.length > 1 && (
            <Text size="xs" c="dimmed" ta="center" lh={1.2}>
              {t(`exits.${exit}`)}
            </Text>
          )}
          <Handle
            id={exit}
            type="source"
            position={Position.Bottom}
            className={classes.handle}
            style={{ left: `${((n + 0.5) / exits.length) * 100}%` }}
            isConnectable={isConnectable}
            title={t(`exits.${exit}`)}
          />
        </div>
      ))}
    </div>
  );
}
