import { Anchor, Button, Group, Select, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { EmptyState } from "@/ui/EmptyState";
import { useFilter } from "@/ui/filters";
import { number } from "@/ui/format";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { SearchInput } from "@/ui/SearchInput";
import { When } from "@/ui/When";
import { NewWorkflow } from "./NewWorkflow";
import { StateBadge } from "./StateBadge";
import { WorkflowMenu } from "./WorkflowMenu";

const STATES = ["live", "stopped", "draft"] as const;

type Workflow = Schema<"WorkflowView">;
type Activity = Schema<"ActivityView">;

/** Every workflow of the project, with what it did today. */
export function Component() {
  const { t } = useTranslation("workflows");
  const mayEdit = useMayEdit();
  const [isMaking, making] = useDisclosure();
  const [words] = useFilter("q");
  const [state] = useFilter("state");
  const asked = { after: useAfter(), q: words || undefined, state: STATES.find((each) => each === state) };
  const page = { params: { query: asked } };
  const query = api.useQuery("get", "/v1/workflows", page);
  const activity = api.useQuery("get", "/v1/stats/workflows", page);
  const columns = useColumns(activity.data?.items ?? [], mayEdit);
  const make = mayEdit && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={making.open}>
      {t("new")}
    </Button>
  );
  const isFiltered = Boolean(words || state);
  const isEmpty = query.data?.items.length === 0 && !isFiltered;
  return (
    <Page title={t("title")} actions={!isEmpty && make}>
      {!isEmpty && <Filters />}
      <Listing
        caption={t("title")}
        columns={columns}
        query={query}
        rowKey={({ id }) => id}
        empty={
          isFiltered ? (
            <EmptyState title={t("noneFound")}>{t("noneFoundHint")}</EmptyState>
          ) : (
            <EmptyState title={t("empty")} action={make}>
              {t("emptyHint")}
            </EmptyState>
          )
        }
      />
      <NewWorkflow isOpen={isMaking} onClose={making.close} />
    </Page>
  );
}

function Filters() {
  const { t } = useTranslation("workflows");
  const { t: ui } = useTranslation("ui");
  const [state, setState] = useFilter("state");
  return (
    <Group align="flex-end" role="search">
      <SearchInput name="q" label={ui("search")} />
      <Select
        label={t("stateName")}
        placeholder={t("runs.anyState")}
        clearable
        clearButtonProps={{ "aria-label": t("clear", { what: t("stateName") }) }}
        data={STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
        value={state || null}
        onChange={setState}
      />
    </Group>
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
