import { Badge, Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { api } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { number } from "@/ui/format";
import { done } from "@/ui/notices";
import { Page } from "@/ui/Page";
import { StateBadge } from "../StateBadge";
import { WorkflowTabs } from "../WorkflowTabs";
import { Funnel } from "./Funnel";
import { RunList } from "./RunList";
import { useLive } from "./useLive";

/** The history of one workflow: its runs, stopped or resumed together. */
export function Component() {
  const { t } = useTranslation("workflows");
  const { workflow = "" } = useParams();
  const path = { params: { path: { workflow } } };
  const query = api.useQuery("get", "/v1/workflows/{workflow}", path);
  const mayEdit = useMayEdit();
  return (
    <Page
      title={query.data?.name ?? workflow}
      part={t("tabs.runs")}
      above={[{ label: t("title"), to: "/workflows" }]}
      badge={query.data && <StateBadge workflow={query.data} />}
      actions={mayEdit && <Acts workflow={workflow} />}
    >
      <WorkflowTabs workflow={workflow} value="runs" />
      <States workflow={workflow} />
      <Funnel workflow={workflow} />
      <RunList workflow={workflow} />
    </Page>
  );
}

function States({ workflow }: { workflow: string }) {
  const { t } = useTranslation("workflows");
  const { data } = api.useQuery(
    "get",
    "/v1/workflows/{workflow}/counts",
    { params: { path: { workflow } } },
    { refetchInterval: 5000 },
  );
  const states = Object.entries(data?.states ?? {}) as [keyof NonNullable<typeof data>["states"], number][];
  return (
    <Group gap="xs" mih={26} aria-label={t("runs.byState")} role="group">
      {states.map(([state, runs]) => (
        <Badge key={state} variant="default" size="lg" tt="none">
          {t(`runs.states.${state as "done"}`)}: {number(runs ?? 0)}
        </Badge>
      ))}
    </Group>
  );
}

function Acts({ workflow }: { workflow: string }) {
  const { t } = useTranslation("workflows");
  const path = { params: { path: { workflow } } };
  const counts = api.useQuery("get", "/v1/workflows/{workflow}/counts", path);
  const held = counts.data?.live.held ?? 0;
  const live = useLive(workflow);
  const [isStopping, stopping] = useDisclosure();
  const resume = api.useMutation("post", "/v1/workflows/{workflow}/runs/resume-held", {
    onSuccess: ({ resumed, left }) => done(t("runs.resumed", { count: resumed, left: number(left) })),
  });
  const stop = api.useMutation("post", "/v1/workflows/{workflow}/runs/stop", {
    onSuccess: ({ stopped }) => {
      done(t("runs.stopped", { count: stopped }));
      stopping.close();
    },
  });
  return (
    <>
      {held > 0 && (
        <Button variant="default" loading={resume.isPending} onClick={() => resume.mutate(path)}>
          {t("runs.resume", { count: held })}
        </Button>
      )}
      {live > 0 && (
        <Button variant="default" c="red" onClick={stopping.open}>
          {t("runs.stopAll")}
        </Button>
      )}
      <ConfirmAct
        isOpen={isStopping}
        title={t("runs.stopAll")}
        act={t("runs.stopCount", { count: live })}
        isPending={stop.isPending}
        error={stop.error}
        onConfirm={() => stop.mutate(path)}
        onClose={stopping.close}
      >
        {t("runs.stopHint", { count: live })}
      </ConfirmAct>
    </>
  );
}
