import { Anchor, Button, Code } from "@mantine/core";
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
import { MessageTabs } from "./MessageTabs";
import { NewSnippet } from "./NewSnippet";

/** Texts that the project's templates share. */
export function Component() {
  const { t } = useTranslation("messages");
  const [isMaking, making] = useDisclosure();
  const mayEdit = useMayEdit();
  const [q] = useFilter("q");
  const query = api.useQuery("get", "/v1/snippets", {
    params: { query: { after: useAfter(), limit: 50, q: q || undefined } },
  });
  const columns: Column<Schema<"SnippetView">>[] = [
    {
      head: t("name"),
      cell: ({ key, name }) => (
        <Anchor component={Link} to={`/snippets/${encodeURIComponent(key)}`}>
          {name}
        </Anchor>
      ),
    },
    { head: t("snippets.use"), cell: ({ name }) => <Code>{`#parse('${name}')`}</Code> },
    { head: t("version"), cell: ({ version }) => version, isNumber: true },
    { head: t("changedAt"), cell: ({ updatedAt }) => <When at={updatedAt} /> },
  ];
  const newOne = mayEdit && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={making.open}>
      {t("snippets.new")}
    </Button>
  );
  return (
    <Page title={t("title")} part={t("snippets.title")} actions={newOne}>
      <MessageTabs value="snippets" />
      <SearchInput
        name="q"
        w={{ base: "100%", xs: 320 }}
        aria-label={t("snippets.search")}
        placeholder={t("snippets.search")}
      />
      <Listing
        caption={t("snippets.title")}
        columns={columns}
        query={query}
        rowKey={({ id }) => id}
        empty={q ? <NothingFound /> : <EmptyState title={t("snippets.empty")}>{t("snippets.emptyHint")}</EmptyState>}
      />
      <NewSnippet isOpen={isMaking} onClose={making.close} />
    </Page>
  );
}
