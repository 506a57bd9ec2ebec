import { Alert, Anchor, Button, Grid, Skeleton, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { Failure } from "@/ui/Failure";
import { done } from "@/ui/notices";
import { Page } from "@/ui/Page";
import { When } from "@/ui/When";
import { blocksOf } from "../blocks";
import { Picture } from "../canvas/Picture";
import { pathOf } from "../marks";
import { RunBadge } from "./RunList";
import { StepCard } from "./StepCard";

type RunShown = Schema<"RunWithSteps">;

const OVER: RunShown["state"][] = ["done", "failed", "stopped"];
const AGAIN_MS = 2000;

/** One run: its path on the canvas, and each block's input, output and error. */
export function Component() {
  const { t } = useTranslation("workflows");
  const id = Number(useParams().run);
  const query = api.useQuery(
    "get",
    "/v1/runs/{run_id}",
    { params: { path: { run_id: id } } },
    { refetchInterval: ({ state }) => (state.data && OVER.includes(state.data.state) ? false : AGAIN_MS) },
  );
  const run = query.data;
  const list = run?.workflow ? `/workflows/${encodeURIComponent(run.workflow)}/runs` : "/runs";
  return (
    <Page
      title={t("runs.title1", { id })}
      badge={run && <RunBadge state={run.state} />}
      above={[
        { label: t("title"), to: "/workflows" },
        { label: run?.workflow ?? t("runs.title"), to: list },
      ]}
      actions={run && <Acts run={run} />}
    >
      {query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : null}
      {run ? <Shown run={run} /> : <Skeleton h={480} />}
    </Page>
  );
}

function Shown({ run }: { run: RunShown }) {
  const { t } = useTranslation("workflows");
  const detail = typeof run.error?.detail === "string" ? run.error.detail : null;
  return (
    <Stack>
      <About run={run} />
      {detail && (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t("runs.failedAt", { block: run.block })}>
          {detail}
        </Alert>
      )}
      {run.state === "held" && (
        <Alert color="yellow" title={t("runs.waits")}>
          {t("runs.waitsUntil")} <When at={run.holdUntil} />
        </Alert>
      )}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          {run.workflow && run.version ? (
            <Path run={run} workflow={run.workflow} version={run.version} />
          ) : (
            <Text c="dimmed">{t("runs.prepared")}</Text>
          )}
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="xs" component="ol" p={0} m={0} aria-label={t("runs.steps")} style={{ listStyle: "none" }}>
            {run.steps.map((step) => (
              <StepCard key={step.position} step={step}>
                <When at={step.at} />
              </StepCard>
            ))}
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function About({ run }: { run: RunShown }) {
  const { t } = useTranslation("workflows");
  return (
    <Text size="sm" component="div">
      {t("runs.startedAt")}: <When at={run.startedAt} />
      {run.eventId && (
        <>
          {" · "}
          <Anchor component={Link} to={`/events/${run.eventId}`} underline="always">
            {t("runs.eventNumber", { id: run.eventId })}
          </Anchor>
        </>
      )}
      {run.contactId && (
        <>
          {" · "}
          <Anchor component={Link} to={`/contacts/${run.contactId}`} underline="always">
            {t("runs.contactNumber", { id: run.contactId })}
          </Anchor>
        </>
      )}
      {run.version && ` · ${t("versions.number", { version: run.version })}`}
      {run.attempt > 0 && ` · ${t("runs.attempt", { number: run.attempt + 1 })}`}
    </Text>
  );
}

function Path({ run, workflow, version }: { run: RunShown; workflow: string; version: number }) {
  const { t } = useTranslation("workflows");
  const query = api.useQuery("get", "/v1/workflows/{workflow}/versions/{version}", {
    params: { path: { workflow, version: String(version) } },
  });
  const { data } = query;
  const blocks = useMemo(() => (data ? blocksOf(data.blocks) : null), [data]);
  const marks = useMemo(() => pathOf(run.steps, run), [run]);
  if (query.error) return <Failure error={query.error} />;
  return blocks ? <Picture label={t("runs.path")} blocks={blocks} marks={marks} /> : <Skeleton h={460} />;
}

function Acts({ run }: { run: RunShown }) {
  const { t } = useTranslation("workflows");
  const mayEdit = useMayEdit();
  const [isStopping, stopping] = useDisclosure();
  const path = { params: { path: { run_id: run.id } } };
  const retry = api.useMutation("post", "/v1/runs/{run_id}/retry", { onSuccess: () => done(t("runs.retried")) });
  const stop = api.useMutation("post", "/v1/runs/{run_id}/stop", {
    onSuccess: () => {
      done(t("runs.stopped", { count: 1 }));
      stopping.close();
    },
  });
  if (!mayEdit) return null;
  return (
    <>
      {run.state === "failed" && (
        <Button loading={retry.isPending} onClick={() => retry.mutate(path)}>
          {t("runs.retry")}
        </Button>
      )}
      {!OVER.includes(run.state) && (
        <Button variant="default" c="red" onClick={stopping.open}>
          {t("runs.stop")}
        </Button>
      )}
      <ConfirmAct
        isOpen={isStopping}
        title={t("runs.stop")}
        act={t("runs.stop")}
        isPending={stop.isPending}
        error={stop.error}
        onConfirm={() => stop.mutate(path)}
        onClose={stopping.close}
      >
        {t("runs.stopHint", { count: 1 })}
      </ConfirmAct>
    </>
  );
}
