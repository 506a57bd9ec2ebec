import { Alert, Anchor, Paper, SimpleGrid, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { pathOf } from "@/pools/pool";
import { useSession } from "@/session/session";
import { Failure } from "@/ui/Failure";
import { number } from "@/ui/format";
import { Page } from "@/ui/Page";
import { isOver, type Task, TaskProgress, useTask } from "@/ui/TaskProgress";
import { When } from "@/ui/When";
import { Recognised } from "@/uploads/Recognised";
import { failureOf, reportOf } from "@/uploads/report";
import { TaskState } from "./columns";
import { countsOf, summaryOf } from "./summary";
import { kindOf } from "./titles";
import { UndoTask } from "./UndoTask";

/** One task: how far it is, what it did, its files, and its undo. */
export function Component() {
  const { t } = useTranslation("tasks");
  const id = Number(useParams().task);
  const { data: task, error, refetch } = useTask(id);
  return (
    <Page
      title={t("taskId", { id })}
      above={[{ label: t("title"), to: "/tasks" }]}
      badge={task && <TaskState task={task} />}
      actions={task && <UndoTask task={task} />}
    >
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : task ? (
        <Parts task={task} />
      ) : (
        <Skeleton h={320} />
      )}
    </Page>
  );
}

function Parts({ task }: { task: Task }) {
  const { t } = useTranslation("tasks");
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Paper withBorder p="md">
        <Stack>
          <Title order={2} size="h4">
            {t("report")}
          </Title>
          {isOver(task) ? <Report task={task} /> : <TaskProgress id={task.id} />}
        </Stack>
      </Paper>
      <Stack>
        <Details task={task} />
        <Files task={task} />
      </Stack>
    </SimpleGrid>
  );
}

function Report({ task }: { task: Task }) {
  const { t } = useTranslation("tasks");
  const { file } = reportOf(task);
  const { undone } = task.report;
  if (task.state === "failed")
    return (
      <Alert color="red" title={t("failedBecause")}>
        {failureOf(task)}
      </Alert>
    );
  return (
    <Stack>
      <Text fw={600}>{summaryOf(task)}</Text>
      {undone && (
        <Alert color="orange" title={t("undoneTitle")}>
          {t("undone", {
            removed: number(undone.removed),
            withdrawn: number(undone.withdrawn),
            kept: number(undone.kept),
          })}
        </Alert>
      )}
      <Table aria-label={t("report")} verticalSpacing={4}>
        <Table.Tbody>
          {countsOf(task).map(({ name, count }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {t(`count.${name}`)}
              </Table.Th>
              <Table.Td ta="right" className="tearoff-numbers">
                {number(count)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {file && <Recognised file={file} />}
    </Stack>
  );
}

function Details({ task }: { task: Task }) {
  const { t } = useTranslation("tasks");
  const lines = [
    { name: t("kindName"), value: t(`kind.${kindOf(task)}`) },
    { name: t("details"), value: task.name || "–" },
    {
      name: t("pool"),
      value: task.pool ? (
        <Anchor component={Link} to={pathOf(task.pool)} size="sm">
          {task.pool}
        </Anchor>
      ) : (
        "–"
      ),
    },
    { name: t("createdBy"), value: task.createdBy || t("byItself") },
    { name: t("createdAt"), value: <When at={task.createdAt} /> },
    { name: t("finishedAt"), value: <When at={task.finishedAt} /> },
  ];
  return (
    <Paper withBorder p="md">
      <Table aria-label={t("details")} verticalSpacing={4} withRowBorders={false}>
        <Table.Tbody>
          {lines.map(({ name, value }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} c="dimmed" w={140}>
                {name}
              </Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function Files({ task }: { task: Task }) {
  const { t } = useTranslation("tasks");
  const { mayReveal } = useSession();
  const rejected = task.report.rejected ?? task.report.refused ?? 0;
  const hasSource = task.kind === "import" && task.pool !== null;
  if (!isOver(task) || (rejected === 0 && !hasSource)) return null;
  return (
    <Paper withBorder p="md">
      <Stack gap="xs" align="flex-start">
        <Title order={2} size="h4">
          {t("files")}
        </Title>
        {!mayReveal && <Text size="sm">{t("noReveal")}</Text>}
        {mayReveal && rejected > 0 && (
          <Anchor href={task.rejects} download size="sm">
            {t("rejectsFile")}
          </Anchor>
        )}
        {mayReveal && hasSource && (
          <Anchor href={`/v1/imports/${task.id}/source`} download size="sm">
            {t("sourceFile")}
          </Anchor>
        )}
      </Stack>
    </Paper>
  );
}
