import { Anchor, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { EmptyState, NothingFound } from "@/ui/EmptyState";
import { useFilter } from "@/ui/filters";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { SearchInput } from "@/ui/SearchInput";
import { When } from "@/ui/When";
import type { Message } from "./drafts";
import { languageName } from "./languageNames";
import { MediumBadge } from "./MediumBadge";
import { MessageTabs } from "./MessageTabs";
import { NewMessage } from "./NewMessage";

/** Every message of the project. */
export function Component() {
  const { t } = useTranslation("messages");
  const [isMaking, making] = useDisclosure();
  const mayEdit = useMayEdit();
  const [q] = useFilter("q");
  const query = api.useQuery("get", "/v1/messages", {
    params: { query: { after: useAfter(), limit: 50, q: q || undefined } },
  });
  const columns: Column<Message>[] = [
    {
      head: t("name"),
      cell: (message) => (
        <Anchor component={Link} to={`/messages/${encodeURIComponent(message.key)}`}>
          {message.name}
        </Anchor>
      ),
    },
    { head: t("medium"), cell: (message) => <MediumBadge medium={message.medium} /> },
    {
      head: t("languages"),
      cell: ({ languages }) => <Text size="sm">{Object.keys(languages).map(languageName).join(", ")}</Text>,
    },
    { head: t("version"), cell: (message) => message.version, isNumber: true },
    { head: t("changedAt"), cell: (message) => <When at={message.updatedAt} /> },
  ];
  const newOne = mayEdit && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={making.open}>
      {t("new")}
    </Button>
  );
  return (
    <Page title={t("title")} actions={newOne}>
      <MessageTabs value="messages" />
      <SearchInput
        name="q"
        w={{ base: "100%", xs: 320 }}
        aria-label={t("searchMessages")}
        placeholder={t("searchMessages")}
      />
      <Listing
        caption={t("title")}
        columns={columns}
        query={query}
        rowKey={(message) => message.id}
        empty={
          q ? (
            <NothingFound />
          ) : (
            <EmptyState title={t("empty")} action={<Group>{newOne}</Group>}>
              {t("emptyHint")}
            </EmptyState>
          )
        }
      />
      <NewMessage isOpen={isMaking} onClose={making.close} />
    </Page>
  );
}
