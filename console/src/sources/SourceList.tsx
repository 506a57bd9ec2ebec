import { Anchor, Badge, Button, Code, Text } from "@mantine/core";
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
import { NewSource } from "./NewSource";
import { SourceTabs } from "./SourceTabs";

/** The HTTP requests whose answers messages read. */
export function Component() {
  const { t } = useTranslation("sources");
  const [isMaking, making] = useDisclosure();
  const mayEdit = useMayEdit();
  const [q] = useFilter("q");
  const query = api.useQuery("get", "/v1/sources", {
    params: { query: { limit: 50, after: useAfter(), q: q || undefined } },
  });
  const columns: Column<Schema<"SourceView">>[] = [
    {
      head: t("name"),
      cell: ({ key, name }) => (
        <Anchor component={Link} to={`/sources/${encodeURIComponent(key)}`}>
          {name}
        </Anchor>
      ),
    },
    { head: t("method"), cell: ({ method }) => <Badge variant="light">{method}</Badge> },
    {
      head: t("url"),
      cell: ({ url }) => (
        <Text size="sm" className="tearoff-code" lineClamp={1} maw={420}>
          {url}
        </Text>
      ),
    },
    { head: t("inTemplates"), cell: ({ name }) => <Code>{`$!data.get('${name}')`}</Code> },
    { head: t("connector"), cell: ({ connector }) => <Text size="sm">{connector ?? "–"}</Text> },
  ];
  return (
    <Page
      title={t("title")}
      actions={
        mayEdit && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={making.open}>
            {t("new")}
          </Button>
        )
      }
    >
      <SourceTabs value="sources" />
      <SearchInput name="q" w={{ base: "100%", xs: 320 }} aria-label={t("search")} placeholder={t("search")} />
      <Listing
        caption={t("title")}
        columns={columns}
        query={query}
        rowKey={({ id }) => id}
        empty={q ? <NothingFound /> : <EmptyState title={t("empty")}>{t("emptyHint")}</EmptyState>}
      />
      <NewSource isOpen={isMaking} onClose={making.close} />
    </Page>
  );
}
