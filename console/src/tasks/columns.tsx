import { Anchor, Badge, Progress, Text } from "@mantine/core";
import i18next from "i18next";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { pathOf } from "@/pools/pool";
import { number } from "@/ui/format";
import type { Column } from "@/ui/Listing";
import { isOver, type Task } from "@/ui/TaskProgress";
import { When } from "@/ui/When";
import { summaryOf } from "./summary";
import { kindOf } from "./titles";

const COLOURS = {
  receiving: "blue",
  waiting: "gray",
  running: "blue",
  done: "teal",
  failed: "red",
  cancelled: "gray",
  undone: "orange",
} as const;

/** A task's state in its colour. */
export function TaskState({ task }: { task: Task }) {
  return (
    <Badge color={COLOURS[task.state]} variant="light" tt="none">
      {i18next.t(`ui:taskState.${task.state}`)}
    </Badge>
  );
}

/** The columns of a list of tasks. */
export function useTaskColumns({ hasPool }: { hasPool: boolean }): Column<Task>[] {
  // what the cells say comes from here too, so that it has to be there before they are drawn
  const { t } = useTranslation("tasks");
  const pool: Column<Task> = {
    head: t("pool"),
    cell: (task) => task.pool && <PoolLink pool={task.pool} />,
  };
  return [
    { head: t("task"), cell: (task) => <TaskLink task={task} /> },
    { head: t("stateName"), cell: (task) => <TaskState task={task} /> },
    { head: t("progress"), cell: (task) => <Done task={task} />, width: 260 },
    ...(hasPool ? [pool] : []),
    { head: t("createdBy"), cell: (task) => <Text size="sm">{task.createdBy || t("byItself")}</Text> },
    { head: t("createdAt"), cell: (task) => <When at={task.createdAt} /> },
  ];
}

function TaskLink({ task }: { task: Task }) {
  return (
    <>
      <Anchor component={Link} to={`/tasks/${task.id}`} fw={500}>
        {i18next.t("tasks:taskId", { id: task.id })}
      </Anchor>
      <Text size="xs" c="dimmed">
        {[i18next.t(`tasks:kind.${kindOf(task)}`), task.name].filter(Boolean).join(" · ")}
      </Text>
    </>
  );
}

function PoolLink({ pool }: { pool: string }) {
  return (
    <Anchor component={Link} to={pathOf(pool)} size="sm">
      {pool}
    </Anchor>
  );
}

function Done({ task }: { task: Task }) {
  if (isOver(task)) return <Text size="sm">{summaryOf(task)}</Text>;
  const share = task.total ? (task.done / task.total) * 100 : 0;
  const words = task.total
    ? i18next.t("tasks:rows", { done: number(task.done), total: number(task.total) })
    : number(task.done);
  return (
    <>
      <Progress value={share} animated aria-label={i18next.t("tasks:progress")} />
      <Text size="xs" c="dimmed" className="tearoff-numbers">
        {words}
      </Text>
    </>
  );
}
