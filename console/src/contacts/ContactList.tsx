import { Anchor, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { EmptyState } from "@/ui/EmptyState";
import { useFilter } from "@/ui/filters";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { SearchInput } from "@/ui/SearchInput";
import { When } from "@/ui/When";
import { ContactTabs } from "./ContactTabs";
import { NewContact } from "./NewContact";
import { addressesOf, type Contact, personOf } from "./names";

/** Everybody, found by whatever they are known by. */
export function Component() {
  const { t } = useTranslation("contacts");
  const [q] = useFilter("q");
  const [isMaking, making] = useDisclosure();
  const mayEdit = useMayEdit();
  const query = api.useQuery("get", "/v1/contacts", {
    params: { query: { limit: 50, after: useAfter(), q: q || undefined } },
  });
  const columns: Column<Contact>[] = [
    {
      head: t("person"),
      cell: (contact) => (
        <Anchor component={Link} to={`/contacts/${contact.id}`}>
          {personOf(contact) ?? t("nameless", { id: contact.id })}
        </Anchor>
      ),
    },
    { head: t("addresses"), cell: (contact) => <Text size="sm">{addressesOf(contact).join(", ")}</Text> },
    { head: t("externalId"), cell: ({ externalId }) => <Text size="sm">{externalId ?? "–"}</Text> },
    { head: t("since"), cell: ({ createdAt }) => <When at={createdAt} /> },
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
      <ContactTabs value="contacts" />
      <Group>
        <SearchInput name="q" w={{ base: "100%", xs: 420 }} aria-label={t("search")} placeholder={t("search")} />
      </Group>
      <Listing
        caption={t("title")}
        columns={columns}
        query={query}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t(q ? "notFound" : "empty")}>{t(q ? "notFoundHint" : "emptyHint")}</EmptyState>}
      />
      <NewContact isOpen={isMaking} onClose={making.close} />
    </Page>
  );
}
