import { Anchor, Select, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, type Schema } from "@/api/client";
import type { Message } from "@/messages/drafts";
import { MediumBadge } from "@/messages/MediumBadge";
import { MessageTabs } from "@/messages/MessageTabs";
import { EmptyState } from "@/ui/EmptyState";
import { useFilter } from "@/ui/filters";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { When } from "@/ui/When";
import { COLOURS, type State, StateBadge } from "./StateBadge";
import { StateChart } from "./StateChart";

type Delivery = Schema<"DeliveryView">;

const STATES = Object.keys(COLOURS) as State[];

/** What was sent, what waits and what failed, over time and one by one. */
export function Component() {
  const { t } = useTranslation("deliveries");
  const [wanted, setWanted] = useFilter("state");
  const state = STATES.find((one) => one === wanted);
  const query = api.useQuery("get", "/v1/deliveries", { params: { query: { state, after: useAfter() } } });
  const columns: Column<Delivery>[] = [
    { head: t("recipient"), cell: (row) => <Recipient row={row} /> },
    { head: t("medium"), cell: (row) => <MediumBadge medium={row.medium as Message["medium"]} /> },
    { head: t("state"), cell: (row) => <StateBadge state={row.state} /> },
    { head: t("written"), cell: (row) => <When at={row.createdAt} /> },
    { head: t("sent"), cell: (row) => <When at={row.sentAt} /> },
    { head: t("answer"), cell: (row) => <Text size="sm">{row.error ?? row.answer ?? "–"}</Text> },
    { head: t("run"), cell: (row) => <RunLink row={row} /> },
  ];
  return (
    <Page title={t("messages")} part={t("title")}>
      <MessageTabs value="deliveries" />
      <Stack>
        <StateChart />
        <Select
          label={t("state")}
          clearable
          placeholder={t("anyState")}
          maw={240}
          value={state ?? null}
          data={STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
          onChange={setWanted}
        />
        <Listing
          caption={t("title")}
          columns={columns}
          query={query}
          rowKey={(row) => row.id}
          empty={<EmptyState title={t("empty")}>{t("emptyHint")}</EmptyState>}
        />
      </Stack>
    </Page>
  );
}

function Recipient({ row }: { row: Delivery }) {
  if (row.contactId === null) return row.recipient;
  return (
    <Anchor component={Link} to={`/contacts/${row.contactId}`} size="sm">
      {row.recipient}
    </Anchor>
  );
}

function RunLink({ row }: { row: Delivery }) {
  return (
    <Anchor component={Link} to={`/runs/${row.runId}`} size="sm">
      {row.runId}
    </Anchor>
  );
}
