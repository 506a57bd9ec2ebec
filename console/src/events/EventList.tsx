import { Anchor, Button, Group, Select, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconSend } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { EmptyState } from "@/ui/EmptyState";
import { useFilter } from "@/ui/filters";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { SearchInput } from "@/ui/SearchInput";
import { When } from "@/ui/When";
import { EventTabs } from "./EventTabs";
import { summaryOf } from "./params";
import { SendEvent } from "./SendEvent";

/** What came, the newest first. */
export function Component() {
  const { t } = useTranslation("events");
  const [type] = useFilter("eventType");
  const [key] = useFilter("keyValue");
  const [isSending, sending] = useDisclosure();
  const mayEdit = useMayEdit();
  const query = api.useQuery("get", "/v1/events", {
    params: {
      query: { limit: 50, after: useAfter(), eventType: type || undefined, keyValue: key || undefined },
    },
  });
  const columns: Column<Schema<"EventView">>[] = [
    {
      head: t("event"),
      cell: ({ id, eventType }) => (
        <Anchor component={Link} to={`/events/${id}`}>
          {eventType}
        </Anchor>
      ),
    },
    { head: t("keyValue"), cell: ({ keyValue }) => <Text size="sm">{keyValue}</Text> },
    {
      head: t("params"),
      cell: ({ params }) => (
        <Text size="sm" c="dimmed" lineClamp={1} maw={360}>
          {summaryOf(params)}
        </Text>
      ),
    },
    { head: t("receivedAt"), cell: ({ receivedAt }) => <When at={receivedAt} />, width: 190 },
  ];
  return (
    <Page
      title={t("title")}
      actions={
        mayEdit && (
          <Button leftSection={<IconSend size={16} aria-hidden />} onClick={sending.open}>
            {t("send.button")}
          </Button>
        )
      }
    >
      <EventTabs value="events" />
      <Filters />
      <Listing
        caption={t("history")}
        columns={columns}
        query={query}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t(type || key ? "notFound" : "empty")}>{t("emptyHint")}</EmptyState>}
      />
      <SendEvent isOpen={isSending} onClose={sending.close} />
    </Page>
  );
}

function Filters() {
  const { t } = useTranslation("events");
  const [type, setType] = useFilter("eventType");
  const types = api.useQuery("get", "/v1/event-types", { params: { query: { limit: 1000 } } }).data?.items ?? [];
  return (
    <Group>
      <Select
        aria-label={t("filterType")}
        placeholder={t("filterType")}
        clearable
        searchable
        value={type || null}
        onChange={setType}
        data={types.map(({ key, name }) => ({ value: key, label: name || key }))}
      />
      <SearchInput
        name="keyValue"
        w={{ base: "100%", xs: 320 }}
        aria-label={t("filterKey")}
        placeholder={t("filterKey")}
      />
    </Group>
  );
}
