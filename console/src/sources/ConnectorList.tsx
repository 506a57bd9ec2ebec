import { Badge, Button, Group, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { EmptyState } from "@/ui/EmptyState";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { Page } from "@/ui/Page";
import { When } from "@/ui/When";
import { ConnectorForm } from "./ConnectorForm";
import { SourceTabs } from "./SourceTabs";

type Connector = Schema<"ConnectorView">;
type Open = { act: "new" } | { act: "edit" | "delete"; connector: Connector } | null;

/** Credentials that sources share; what is secret goes in and is never shown again. */
export function Component() {
  const { t } = useTranslation("sources");
  const [open, setOpen] = useState<Open>(null);
  const mayEdit = useMayEdit();
  const query = api.useQuery("get", "/v1/connectors", { params: { query: { limit: 50, after: useAfter() } } });
  const columns: Column<Connector>[] = [
    { head: t("key"), cell: ({ key }) => <Text size="sm">{key}</Text> },
    { head: t("connectors.kind"), cell: ({ kind }) => <Badge variant="light">{t(`connectors.kinds.${kind}`)}</Badge> },
    {
      head: t("connectors.secret"),
      cell: ({ secrets }) => <Text size="sm">{secrets.length > 0 ? t("connectors.isSet") : "–"}</Text>,
    },
    { head: t("connectors.since"), cell: ({ createdAt }) => <When at={createdAt} /> },
    {
      head: t("acts"),
      cell: (connector) =>
        mayEdit && (
          <Group gap="xs" wrap="nowrap">
            <Button
              variant="default"
              size="compact-xs"
              aria-label={t("connectors.editOne", { key: connector.key })}
              onClick={() => setOpen({ act: "edit", connector })}
            >
              {t("edit")}
            </Button>
            <Button
              variant="default"
              size="compact-xs"
              c="var(--mantine-color-error)"
              aria-label={t("connectors.deleteOne", { key: connector.key })}
              onClick={() => setOpen({ act: "delete", connector })}
            >
              {t("delete.button")}
            </Button>
          </Group>
        ),
    },
  ];
  const close = () => setOpen(null);
  return (
    <Page
      title={t("title")}
      part={t("connectors.title")}
      actions={
        mayEdit && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen({ act: "new" })}>
            {t("connectors.new")}
          </Button>
        )
      }
    >
      <SourceTabs value="connectors" />
      <Listing
        caption={t("connectors.title")}
        columns={columns}
        query={query}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t("connectors.empty")}>{t("connectors.emptyHint")}</EmptyState>}
      />
      {(open?.act === "new" || open?.act === "edit") && (
        <ConnectorForm connector={open.act === "edit" ? open.connector : null} onClose={close} />
      )}
      {open?.act === "delete" && <Deleting connector={open.connector} onClose={close} />}
    </Page>
  );
}

function Deleting({ connector, onClose }: { connector: Connector; onClose: () => void }) {
  const { t } = useTranslation("sources");
  const sources = api.useQuery("get", "/v1/sources", { params: { query: { limit: 1000 } } }).data?.items ?? [];
  const remove = api.useMutation("delete", "/v1/connectors/{connector}", { onSuccess: onClose });
  const count = sources.filter((source) => source.connector === connector.key).length;
  return (
    <ConfirmAct
      title={t("delete.title", { name: connector.key })}
      act={t("delete.button")}
      isOpen
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { path: { connector: connector.key } } })}
      onClose={onClose}
    >
      {t("connectors.delete", { count })}
    </ConfirmAct>
  );
}
