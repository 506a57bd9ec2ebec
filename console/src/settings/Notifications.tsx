import { Badge, Button, Group, MultiSelect, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, client, type Schema } from "@/api/client";
import { queries } from "@/api/queries";
import { useMayEdit } from "@/session/session";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { EmptyState } from "@/ui/EmptyState";
import { FormModal } from "@/ui/FormModal";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { done } from "@/ui/notices";
import { SettingsPage } from "./SettingsPage";
import { ShownOnce } from "./ShownOnce";

type Subscription = Schema<"SubscriptionView">;
type Values = { kind: "email" | "webhook"; target: string; frequency: Subscription["frequency"]; pools: string[] };

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
    { head: t("notifications.target"), cell: (row) => row.target },
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

type NewProps = { isOpen: boolean; onClose: () => void; onSecret: (secret: string) => void };

function NewSubscription({ isOpen, onClose, onSecret }: NewProps) {
  const { t } = useTranslation("settings");
  const pools = api.useQuery("get", "/v1/pools", { params: { query: { limit: 1000 } } }, { enabled: isOpen });
  const form = useForm<Values>({ initialValues: { kind: "email", target: "", frequency: "at-once", pools: [] } });
  const make = async ({ pools: chosen, ...body }: Values) => {
    const { data } = await client.POST("/v1/subscriptions", {
      body: { ...body, pools: chosen.length > 0 ? chosen : null },
    });
    if (data?.secret) onSecret(data.secret);
    await queries.invalidateQueries();
  };
  return (
    <FormModal
      title={t("notifications.make")}
      act={t("save")}
      form={form}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={make}
    >
      <Select
        label={t("notifications.kind")}
        allowDeselect={false}
        data={(["email", "webhook"] as const).map((kind) => ({ value: kind, label: t(`notifications.kinds.${kind}`) }))}
        {...form.getInputProps("kind")}
      />
      <TextInput
        label={t(form.values.kind === "email" ? "notifications.address" : "notifications.url")}
        required
        {...form.getInputProps("target")}
      />
      <Select
        label={t("notifications.frequency")}
        allowDeselect={false}
        data={(["at-once", "daily", "weekly"] as const).map((each) => ({
          value: each,
          label: t(`notifications.frequencies.${each}`),
        }))}
        {...form.getInputProps("frequency")}
      />
      <MultiSelect
        label={t("notifications.pools")}
        description={t("notifications.poolsHint")}
        searchable
        data={(pools.data?.items ?? []).map((pool) => ({ value: pool.key, label: pool.name }))}
        {...form.getInputProps("pools")}
      />
    </FormModal>
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
