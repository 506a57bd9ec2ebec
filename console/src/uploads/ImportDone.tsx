import { Alert, Anchor, Button, Group, Skeleton, Stack } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSession } from "@/session/session";
import { UndoTask } from "@/tasks/UndoTask";
import { Failure } from "@/ui/Failure";
import { number } from "@/ui/format";
import { isOver, type Task, TaskProgress, useTask } from "@/ui/TaskProgress";
import { Counts } from "./Counts";
import { failureOf, reportOf } from "./report";

/** An import on its way, and its report when it is done. */
export function ImportDone({ id, onMore }: { id: number; onMore: () => void }) {
  const { t } = useTranslation("uploads");
  const { data: task, error } = useTask(id);
  if (error) return <Failure error={error} />;
  if (!task) return <Skeleton h={160} />;
  if (!isOver(task)) return <TaskProgress id={id} label={t("importing", { name: task.name })} />;
  return (
    <Stack align="flex-start">
      <Outcome task={task} />
      <Group>
        <Button variant="light" onClick={onMore}>
          {t("addMore")}
        </Button>
        <UndoTask task={task} />
      </Group>
    </Stack>
  );
}

function Outcome({ task }: { task: Task }) {
  const { t } = useTranslation(["uploads", "tasks", "ui"]);
  const { mayReveal } = useSession();
  const report = reportOf(task);
  if (task.state === "cancelled") return <Alert color="gray">{t("stopped")}</Alert>;
  if (task.state === "failed")
    return (
      <Alert color="red" title={t("failed")} role="alert">
        {failureOf(task)}
      </Alert>
    );
  const title =
    task.state === "undone"
      ? t("ui:taskState.undone")
      : t("doneTitle", { count: report.added, formatted: number(report.added) });
  return (
    <Alert variant="outline" color="teal" icon={<IconCheck aria-hidden />} title={title} role="status" w="100%">
      <Stack>
        <Counts report={report} />
        <Group gap="lg">
          <Anchor component={Link} to={`/tasks/${task.id}`} size="sm">
            {`${t("report")}: ${t("tasks:taskId", { id: task.id })}`}
          </Anchor>
          {report.rejected > 0 && mayReveal && (
            <Anchor href={task.rejects} download size="sm">
              {t("rejectsFile")}
            </Anchor>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}
