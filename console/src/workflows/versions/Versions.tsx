import { Group, Select, Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { api, type Schema } from "@/api/client";
import { useSession } from "@/session/session";
import { EmptyState } from "@/ui/EmptyState";
import { Failure } from "@/ui/Failure";
import { useFilter } from "@/ui/filters";
import { moment } from "@/ui/format";
import { Page } from "@/ui/Page";
import { StateBadge } from "../StateBadge";
import { WorkflowTabs } from "../WorkflowTabs";
import { Difference } from "./Difference";
import { VersionTable } from "./VersionTable";

type Versions = Schema<"workflows_VersionView">[];

const DRAFT = "draft";

/** Every published version of a workflow, and the difference between two. */
export function Component() {
  const { t } = useTranslation("workflows");
  const { workflow = "" } = useParams();
  const path = { params: { path: { workflow } } };
  const query = api.useQuery("get", "/v1/workflows/{workflow}", path);
  const versions = api.useQuery("get", "/v1/workflows/{workflow}/versions", path);
  const error = query.error ?? versions.error;
  return (
    <Page
      title={query.data?.name ?? workflow}
      part={t("tabs.versions")}
      above={[{ label: t("title"), to: "/workflows" }]}
      badge={query.data && <StateBadge workflow={query.data} />}
    >
      <WorkflowTabs workflow={workflow} value="versions" />
      {error ? <Failure error={error} onRetry={() => void versions.refetch()} /> : null}
      {!error && !versions.data && <Skeleton h={300} />}
      {versions.data && query.data && versions.data.items.length === 0 && (
        <EmptyState title={t("versions.none")}>{t("versions.noneHint")}</EmptyState>
      )}
      {versions.data && query.data && versions.data.items.length > 0 && (
        <Compared workflow={query.data} versions={versions.data.items} />
      )}
    </Page>
  );
}

function Compared({ workflow, versions }: { workflow: Schema<"WorkflowView">; versions: Versions }) {
  const { t } = useTranslation("workflows");
  const { timeZone } = useSession().project;
  const [from, setFrom] = useFilter("from");
  const [to, setTo] = useFilter("to");
  const newest = String(versions[0]?.version);
  const older = from || String(versions[1]?.version ?? newest);
  const newer = to || (versions.length > 1 ? newest : DRAFT);
  const choices = [
    { value: DRAFT, label: t("versions.draft") },
    ...versions.map(({ version, publishedAt }) => ({
      value: String(version),
      label: `${t("versions.number", { version })} · ${moment(publishedAt, timeZone)}`,
    })),
  ];
  return (
    <Stack>
      <VersionTable workflow={workflow} versions={versions} />
      <Text component="h2" fw={600}>
        {t("versions.difference")}
      </Text>
      <Group>
        <Select
          label={t("versions.from")}
          allowDeselect={false}
          data={choices}
          value={older}
          onChange={setFrom}
          w={280}
        />
        <Select label={t("versions.to")} allowDeselect={false} data={choices} value={newer} onChange={setTo} w={280} />
      </Group>
      <Difference workflow={workflow.key} older={older} newer={newer} />
    </Stack>
  );
}
