import { Anchor, Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { EmptyState, NothingFound } from "@/ui/EmptyState";
import { useFilter } from "@/ui/filters";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { SearchInput } from "@/ui/SearchInput";
import { When } from "@/ui/When";
import { EventTabs } from "./EventTabs";
import { NewType } from "./NewType";

/** The types of events that the project knows, and what each must bring. */
export function Component() {
  const { t } = useTranslation("events");
  const [isMaking, making] = useDisclosure();
  const mayEdit = useMayEdit();
  const [q] = useFilter("q");
  const query = api.useQuery("get", "/v1/event-types", {
    params: { query: { limit: 50, after: useAfter(), q: q || undefined } },
  });
  const columns: Column<Schema<"EventTypeView">>[] = [
    {
      head: t("type"),
      cell: ({ key, name }) => (
        <Anchor component={Link} to={`/event-types/${encodeURIComponent(key)}`}>
          {name || key}
        </Anchor>
      ),
    },
    { head: t("types.key"), cell: ({ key }) => <Text size="sm">{key}</Text> },
    {
      head: t("types.asks"),
      cell: ({ params }) => (
        <Text size="sm" c={params ? undefined : "dimmed"}>
          {params?.map(({ name, required }) => (required ? `${name}*` : name)).join(", ") || t("types.nothing")}
        </Text>
      ),
    },
    {
      head: t("history"),
      cell: ({ key }) => (
        <Anchor component={Link} size="sm" to={`/events?eventType=${encodeURIComponent(key)}`}>
          {t("types.show")}
        </Anchor>
      ),
    },
    { head: t("types.since"), cell: ({ createdAt }) => <When at={createdAt} /> },
  ];
  return (
    <Page
      title={t("title")}
      part={t("types.title")}
      actions={
        mayEdit && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={making.open}>
            {t("types.new")}
          </Button>
        )
      }
    >
      <EventTabs value="event-types" />
      <SearchInput
        name="q"
        w={{ base: "100%", xs: 320 }}
        aria-label={t("types.search")}
        placeholder={t("types.search")}
      />
      <Listing
        caption={t("types.title")}
        columns={columns}
        query={query}
        rowKey={({ id }) => id}
        empty={q ? <NothingFound /> : <EmptyState title={t("types.empty")}>{t("types.emptyHint")}</EmptyState>}
      />
      <NewType isOpen={isMaking} onClose={making.close} />
    </Page>
  );
}
