import { Alert, Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import type { Pool } from "@/pools/pool";
import { Failure } from "@/ui/Failure";
import { number } from "@/ui/format";
import { isOver, type Task, TaskProgress, useTask } from "@/ui/TaskProgress";
import { Counts } from "./Counts";
import { ImportOptions } from "./ImportOptions";
import { bodyOf, keepOptions, type Options, useOptions } from "./options";
import { PreviewRows } from "./PreviewRows";
import { Recognised } from "./Recognised";
import { changedOf, failureOf, reportOf } from "./report";

type Props = {
  pool: Pool;
  id: number;
  onCheck: (id: number) => void;
  onImport: (id: number) => void;
  onOther: () => void;
};

/** What a file that was sent would do to the pool, before anything of it is stored. */
export function Preview(props: Props) {
  const { t } = useTranslation("uploads");
  const { data: task, error } = useTask(props.id);
  if (error && !task)
    return (
      <Stack align="flex-start">
        <Failure error={error} />
        <Other onOther={props.onOther} />
      </Stack>
    );
  if (!task) return <Skeleton h={320} />;
  if (!isOver(task)) return <TaskProgress id={task.id} label={t("reading", { name: task.name })} />;
  if (task.state !== "done") return <Unread {...props} task={task} />;
  return <Seen {...props} task={task} />;
}

function Other({ onOther }: Pick<Props, "onOther">) {
  const { t } = useTranslation("uploads");
  return (
    <Button variant="default" size="xs" onClick={onOther}>
      {t("other")}
    </Button>
  );
}

/** A file that could not be read, or whose check was stopped: read otherwise, or another one. */
function Unread(props: Props & { task: Task }) {
  const { t } = useTranslation("uploads");
  const { task, onOther } = props;
  return (
    <Stack align="flex-start">
      {task.state === "failed" ? (
        <Alert color="red" title={t("failed")} role="alert" w="100%">
          {failureOf(task)}
        </Alert>
      ) : (
        <Alert color="gray" w="100%">
          {t("checkStopped")}
        </Alert>
      )}
      <Other onOther={onOther} />
      <Recheck {...props} task={task} />
    </Stack>
  );
}

function Seen(props: Props & { task: Task }) {
  const { task, onOther } = props;
  const { t } = useTranslation("uploads");
  const report = reportOf(task);
  return (
    <Stack>
      <Group justify="space-between">
        <div>
          <Title order={3} size="h5">
            {t("preview", { name: task.name })}
          </Title>
          <Text size="sm" c="dimmed">
            {t("nothingStored")}
          </Text>
        </div>
        <Other onOther={onOther} />
      </Group>
      <Counts report={report} />
      {report.file && <Recognised file={report.file} />}
      <PreviewRows task={task} rejected={report.rejected} />
      <Recheck {...props} />
    </Stack>
  );
}

/** The choices, the check with other ones, and the import itself: of the file that is there already. */
function Recheck({ pool, task, onCheck, onImport }: Props & { task: Task }) {
  const { t } = useTranslation("uploads");
  const { form, isKnown } = useOptions(task.id);
  const start = api.useMutation("post", "/v1/pools/{pool}/imports");
  const begin = async (options: Options, isDryRun: boolean) => {
    const body = { ...bodyOf(options), from: task.id, dryRun: isDryRun };
    const made = await start.mutateAsync({ params: { path: { pool: String(pool.id) } }, body });
    if (isDryRun) keepOptions(made.id, options);
    (isDryRun ? onCheck : onImport)(made.id);
  };
  const report = reportOf(task);
  const count = report.added + changedOf(report) + report.replaced;
  const isReady = count > 0;
  const isChecked = task.state === "done" && isKnown && !form.isDirty();
  // what is refused is shown below the choices
  const submit = form.onSubmit((options) => void begin(options, !isChecked).catch(() => undefined));
  return (
    <form onSubmit={submit}>
      <Stack>
        <ImportOptions form={form} />
        {start.error && <Failure error={start.error} />}
        <Group>
          {isChecked ? (
            <Button type="submit" disabled={!isReady} loading={start.isPending}>
              {isReady ? t("import", { count, formatted: number(count) }) : t("importNothing")}
            </Button>
          ) : (
            <Button type="submit" variant="light" loading={start.isPending}>
              {t("again")}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
