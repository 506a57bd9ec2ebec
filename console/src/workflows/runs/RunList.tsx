import { Anchor, Badge, Group, Select, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, type Schema } from "@/api/client";
import { EmptyState } from "@/ui/EmptyState";
import { useFilter } from "@/ui/filters";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { SearchInput } from "@/ui/SearchInput";
import { When } from "@/ui/When";

type Run = Schema<"RunView">;
type State = Run["state"];

const STATES: State[] = ["due", "leased", "calling", "held", "done", "failed", "stopped"];
const COLOURS: Record<State, string> = {
  due: "blue",
  leased: "blue",
  calling: "blue",
  held: "yellow",
  done: "teal",
  failed: "red",
  stopped: "gray",
};

/** A run's state in its colour. */
export function RunBadge({ state }: { state: State }) {
  const { t } = useTranslation("workflows");
  return (
    <Badge color={COLOURS[state]} variant="light" tt="none">
      {t(`runs.states.${state}`)}
    </Badge>
  );
}

/** Runs with filters, of one workflow or of all. */
export function RunList({ workflow }: { workflow?: string }) {
  const { t } = useTranslation("workflows");
  const [state] = useFilter("state");
  const [contact] = useFilter("contact");
  const [event] = useFilter("event");
  const [error] = useFilter("error");
  const after = useAfter();
  const query = api.useQuery(
    "get",
    "/v1/runs",
    {
      params: {
        query: {
          workflow,
          state: (state || undefined) as State | undefined,
          contactId: Number(contact) || undefined,
          eventId: Number(event) || undefined,
          error: error || undefined,
          after,
          limit: 50,
        },
      },
    },
    { refetchInterval: 5000 },
  );
  const isFiltered = Boolean(state || contact || event || error);
  return (
    <>
      <Filters />
      <Listing
        caption={t("runs.title")}
        columns={useColumns(workflow === undefined)}
        query={query}
        rowKey={({ id }) => id}
        empty={
          <EmptyState title={t(isFiltered ? "runs.noneFound" : "runs.none")}>
            {t(isFiltered ? "runs.noneFoundHint" : "runs.noneHint")}
          </EmptyState>
        }
      />
    </>
  );
}

function Filters() {
  const { t } = useTranslation("workflows");
  const [state, setState] = useFilter("state");
  return (
    <Group align="flex-end" role="search" aria-label={t("runs.filters")}>
      <Select
        label={t("stateName")}
        placeholder={t("runs.anyState")}
        clearable
        clearButtonProps={{ "aria-label": t("clear", { what: t("stateName") }) }}
        data={STATES.map((value) => ({ value, label: t(`runs.states.${value}`) }))}
        value={state || null}
        onChange={setState}
      />
      <SearchInput name="contact" isNumber w={130} label={t("runs.contact")} />
      <SearchInput name="event" isNumber w={130} label={t("runs.event")} />
      <SearchInput name="error" label={t("runs.errorText")} />
    </Group>
  );
}

function useColumns(hasWorkflow: boolean): Column<Run>[] {
  const { t } = useTranslation("workflows");
  const workflow: Column<Run> = { head: t("runs.workflow"), cell: (run) => run.workflow ?? t("runs.noWorkflow") };
  return [
    {
      head: t("runs.run"),
      cell: ({ id }) => (
        <Anchor component={Link} size="sm" to={`/runs/${id}`}>
          {id}
        </Anchor>
      ),
    },
    ...(hasWorkflow ? [workflow] : []),
    { head: t("stateName"), cell: ({ state }) => <RunBadge state={state} /> },
    { head: t("runs.block"), cell: ({ block }) => <Text size="sm">{block}</Text> },
    {
      head: t("runs.error"),
      cell: ({ error }) => (
        <Text size="sm" c="red" lineClamp={2} maw={320}>
          {typeof error?.detail === "string" ? error.detail : ""}
        </Text>
      ),
    },
    {
      head: t("runs.contact"),
      cell: ({ contactId }) =>
        contactId && (
          <Anchor component={Link} size="sm" to={`/contacts/${contactId}`}>
            {contactId}
          </Anchor>
        ),
    },
    {
      head: t("runs.event"),
      cell: ({ eventId }) =>
        eventId && (
          <Anchor component={Link} size="sm" to={`/events/${eventId}`}>
            {eventId}
          </Anchor>
        ),
    },
    { head: t("runs.startedAt"), cell: ({ startedAt }) => <When at={startedAt} /> },
  ];
}
