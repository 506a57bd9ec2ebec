import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { Failure } from "./Failure";
import { number } from "./format";

export type Task = Schema<"TaskView">;

const POLL_MS = 1_000;

/** Tasks that were seen to be over, so that what they changed is read again once, however often they are shown. */
const settled = new Set<number>();

/** Whether nothing more will become of a task. */
export function isOver(task: Task): boolean {
  return task.finishedAt !== null || task.state === "undone";
}

/** A task that is read again each second until it is over; what it changed is read again then, also when the first look
 * finds it over: it may have been begun here a moment ago. */
export function useTask(id: number) {
  const queries = useQueryClient();
  const query = api.useQuery(
    "get",
    "/v1/tasks/{task_id}",
    { params: { path: { task_id: id } } },
    { refetchInterval: ({ state: { data } }) => (data && isOver(data) ? false : POLL_MS) },
  );
  const { data } = query;
  useEffect(() => {
    if (!data || !isOver(data) || settled.has(id)) return;
    settled.add(id);
    void queries.invalidateQueries();
  }, [data, id, queries]);
  return query;
}

/** How far a task is: a bar, its rate, the time left, and a way to stop it. It is the server's, so a reload loses nothing. */
export function TaskProgress({ id, label }: { id: number; label?: string }) {
  const { t } = useTranslation("ui");
  const mayEdit = useMayEdit();
  const { data: task, error } = useTask(id);
  const cancel = api.useMutation("post", "/v1/tasks/{task_id}/cancel");
  if (error) return <Failure error={error} />;
  const share = task?.total ? Math.min(100, (task.done / task.total) * 100) : 0;
  const isRunning = !task || !isOver(task);
  return (
    <Stack gap={6}>
      <Group justify="space-between" wrap="nowrap" mih={26}>
        <Text size="sm" fw={500}>
          {label ?? task?.name}
        </Text>
        {isRunning && mayEdit && (
          <Button
            variant="subtle"
            color="red"
            size="compact-xs"
            loading={cancel.isPending}
            onClick={() => cancel.mutate({ params: { path: { task_id: id } } })}
          >
            {t("stop")}
          </Button>
        )}
      </Group>
      <Progress
        value={isRunning && share === 0 ? 100 : share || 100}
        animated={isRunning}
        striped={isRunning && share === 0}
        color={task?.state === "failed" ? "red" : task?.state === "cancelled" ? "gray" : undefined}
        aria-label={label ?? t("progress")}
      />
      <Text size="xs" c="dimmed" className="tearoff-numbers" aria-live="polite" mih={18}>
        {task && <Words task={task} />}
      </Text>
      {cancel.error && <Failure error={cancel.error} />}
    </Stack>
  );
}

function Words({ task }: { task: Task }) {
  const { t } = useTranslation("ui");
  if (isOver(task)) return t(`taskState.${task.state}`);
  if (!task.startedAt && task.done === 0) return t("taskWaits");
  const parts = [
    task.total ? t("doneOf", { done: number(task.done), total: number(task.total) }) : number(task.done),
    task.rate ? t("perSecond", { rate: number(Math.round(task.rate)) }) : null,
    task.secondsLeft === null ? null : t("left", { time: duration(task.secondsLeft) }),
  ];
  return parts.filter(Boolean).join(" · ");
}

function duration(seconds: number): string {
  const [amount, unit] =
    seconds < 90 ? [seconds, "second"] : seconds < 5400 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return number(Math.ceil(amount), { style: "unit", unit, unitDisplay: "short" });
}
