import { Anchor, Button, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { EmptyState } from "@/ui/EmptyState";
import { number } from "@/ui/format";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { When } from "@/ui/When";
import { NewWorkflow } from "./NewWorkflow";
import { StateBadge } from "./StateBadge";
import { WorkflowMenu } from "./WorkflowMenu";

type Workflow = Schema<"WorkflowView">;
type Activity = Schema<"ActivityView">;

/** Every workflow of the project, with what it did today. */
export function Component() {
  const { t } = useTranslation("workflows");
  const mayEdit = useMayEdit();
  const [isMaking, making] = useDisclosure();
  const page = { params: { query: { after: useAfter() } } };
  const query = api.useQuery("get", "/v1/workflows", page);
  const activity = api.useQuery("get", "/v1/stats/workflows", page);
  const columns = useColumns(activity.data?.items ?? [], mayEdit);
  const make = mayEdit && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={making.open}>
      {t("new")}
    </Button>
  );
  const isEmpty = query.data?.items.length === 0;
  return (
    <Page title={t("title")} actions={!isEmpty && make}>
      <Listing
        caption={t("title")}
        columns={columns}
        query={query}
        rowKey={({ id }) => id}
        empty={
          <EmptyState title={t("empty")} action={make}>
            {t("emptyHint")}
          </EmptyState>
        }
      />
      <NewWorkflow isOpen={isMaking} onClose={making.close} />
    </Page>
  );
}

function useColumns(activity: Activity[], mayEdit: boolean): Column<Workflow>[] {
  const { t } = useTranslation("workflows");
  const of = ({ key }: Workflow) => activity.find(({ workflow }) => workflow === key);
  const columns: Column<Workflow>[] = [
    {
      head: t("name"),
      cell: ({ key, name }) => (
        <Stack gap={0}>
          <Anchor component={Link} to={`/workflows/${encodeURIComponent(key)}`} fw={500}>
            {name}
          </Anchor>
          <Text size="xs" c="dimmed">
            {key}
          </Text>
        </Stack>
      ),
    },
    { head: t("stateName"), cell: (workflow) => <StateBadge workflow={workflow} /> },
    {
      head: t("startedToday"),
      isNumber: true,
      cell: (workflow) => {
        const seen = of(workflow);
        return seen ? number(seen.started) + (seen.isMore ? "+" : "") : "–";
      },
    },
    {
      head: t("failedToday"),
      isNumber: true,
      cell: (workflow) => <Failed workflow={workflow.key} failed={of(workflow)?.failed} />,
    },
    { head: t("publishedAt"), cell: (workflow) => <When at={of(workflow)?.publishedAt} /> },
  ];
  return mayEdit
    ? [...columns, { head: t("acts"), width: 60, cell: (workflow) => <WorkflowMenu workflow={workflow} /> }]
    : columns;
}

function Failed({ workflow, failed }: { workflow: string; failed: number | undefined }) {
  if (!failed) return failed === undefined ? "–" : number(0);
  return (
    <Anchor component={Link} c="red" to={`/workflows/${encodeURIComponent(workflow)}/runs?state=failed`}>
      {number(failed)}
    </Anchor>
  );
}
