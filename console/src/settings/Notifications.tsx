import { Anchor, Badge, Button, Group } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, type Schema } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { EmptyState } from "@/ui/EmptyState";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { done } from "@/ui/notices";
import { NewSubscription } from "./NewSubscription";
import { SettingsPage } from "./SettingsPage";
import { ShownOnce } from "./ShownOnce";

type Subscription = Schema<"SubscriptionView">;

/** Who is told of problems: by mail or webhook, at once or in a digest. */
export function Component() {
  const { t } = useTranslation("settings");
  const mayEdit = useMayEdit();
  const [isMaking, setMaking] = useState(false);
  const [removing, setRemoving] = useState<Subscription | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const query = api.useQuery("get", "/v1/subscriptions", { params: { query: { after: useAfter() } } });
  const test = api.useMutation("post", "/v1/subscriptions/{subscription_id}/test", {
    onSuccess: () => done(t("notifications.tested")),
  });
  const columns: Column<Subscription>[] = [
    { head: t("notifications.target"), cell: (row) => <Target row={row} /> },
    {
      head: t("notifications.kind"),
      cell: (row) => <Badge variant="light">{t(`notifications.kinds.${row.kind}`)}</Badge>,
    },
    { head: t("notifications.frequency"), cell: (row) => t(`notifications.frequencies.${row.frequency}`) },
    {
      head: t("notifications.pools"),
      cell: (row) =>
        row.pools ? t("notifications.poolCount", { count: row.pools.length }) : t("notifications.allPools"),
    },
    {
      head: t("act"),
      cell: (row) =>
        mayEdit && (
          <Group gap="xs" wrap="nowrap">
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => test.mutate({ params: { path: { subscription_id: row.id } } })}
            >
              {t("notifications.test")}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => setRemoving(row)}>
              {t("remove")}
            </Button>
          </Group>
        ),
    },
  ];
  return (
    <SettingsPage
      tab="notifications"
      actions={mayEdit && <Button onClick={() => setMaking(true)}>{t("notifications.make")}</Button>}
    >
      {secret && (
        <ShownOnce
          title={t("notifications.secretTitle")}
          value={secret}
          hint={t("notifications.secretHint")}
          onClose={() => setSecret(null)}
        />
      )}
      <Listing
        caption={t("tabs.notifications")}
        columns={columns}
        query={query}
        rowKey={(row) => row.id}
        empty={<EmptyState title={t("notifications.empty")}>{t("notifications.emptyHint")}</EmptyState>}
      />
      <NewSubscription isOpen={isMaking} onClose={() => setMaking(false)} onSecret={setSecret} />
      {removing && <Remove row={removing} onClose={() => setRemoving(null)} />}
    </SettingsPage>
  );
}

/** Leads to what was told, and what the other side said. */
function Target({ row }: { row: Subscription }) {
  return (
    <Anchor component={Link} to={`/settings/notifications/${row.id}`} size="sm" style={{ overflowWrap: "anywhere" }}>
      {row.target}
    </Anchor>
  );
}

function Remove({ row, onClose }: { row: Subscription; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const remove = api.useMutation("delete", "/v1/subscriptions/{subscription_id}", { onSuccess: onClose });
  return (
    <ConfirmAct
      title={t("notifications.removeTitle", { target: row.target })}
      act={t("remove")}
      isOpen
      isPending={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate({ params: { path: { subscription_id: row.id } } })}
    >
      {t("notifications.removeHint")}
    </ConfirmAct>
  );
}
