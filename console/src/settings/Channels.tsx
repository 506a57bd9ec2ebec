import { Badge, Button, Group } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { useIsOwner } from "@/session/session";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { EmptyState } from "@/ui/EmptyState";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { ChannelForm } from "./ChannelForm";
import { ChannelTest } from "./ChannelTest";
import { SettingsPage } from "./SettingsPage";

type Channel = Schema<"ChannelView">;

/** The ways out of the project, with their credentials, which go in and never come out. */
export function Component() {
  const { t } = useTranslation("settings");
  const isOwner = useIsOwner();
  const [form, setForm] = useState<Channel | "new" | null>(null);
  const [removing, setRemoving] = useState<Channel | null>(null);
  const [testing, setTesting] = useState<Channel | null>(null);
  const query = api.useQuery("get", "/v1/channels", { params: { query: { after: useAfter() } } });
  const columns: Column<Channel>[] = [
    { head: t("channels.key"), cell: (channel) => channel.key },
    { head: t("channels.kind"), cell: (channel) => t(`channels.kinds.${channel.kind}`) },
    {
      head: t("channels.medium"),
      cell: (channel) => <Badge variant="light">{t(`channels.media.${channel.medium}`)}</Badge>,
    },
    { head: t("channels.place"), cell: (channel) => String(channel.settings.host ?? channel.settings.url ?? "–") },
    {
      head: t("act"),
      cell: (channel) =>
        isOwner && (
          <Group gap="xs" wrap="nowrap">
            <Button size="compact-xs" variant="default" onClick={() => setTesting(channel)}>
              {t("channels.test")}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => setForm(channel)}>
              {t("change")}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => setRemoving(channel)}>
              {t("remove")}
            </Button>
          </Group>
        ),
    },
  ];
  const make = isOwner && <Button onClick={() => setForm("new")}>{t("channels.make")}</Button>;
  return (
    <SettingsPage tab="channels" actions={make}>
      <Listing
        caption={t("tabs.channels")}
        columns={columns}
        query={query}
        rowKey={(channel) => channel.id}
        empty={<EmptyState title={t("channels.empty")}>{t("channels.emptyHint")}</EmptyState>}
      />
      {form && <ChannelForm channel={form === "new" ? null : form} onClose={() => setForm(null)} />}
      {testing && <ChannelTest channel={testing} onClose={() => setTesting(null)} />}
      {removing && <Remove row={removing} onClose={() => setRemoving(null)} />}
    </SettingsPage>
  );
}

function Remove({ row, onClose }: { row: Channel; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const remove = api.useMutation("delete", "/v1/channels/{channel}", { onSuccess: onClose });
  return (
    <ConfirmAct
      title={t("channels.removeTitle", { name: row.key })}
      act={t("remove")}
      isOpen
      isPending={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate({ params: { path: { channel: row.key } } })}
    >
      {t("channels.removeHint")}
    </ConfirmAct>
  );
}
