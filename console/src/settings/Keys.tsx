import { Badge, Button, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, client, type Schema } from "@/api/client";
import { queries } from "@/api/queries";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { EmptyState } from "@/ui/EmptyState";
import { FormModal } from "@/ui/FormModal";
import { type Column, Listing } from "@/ui/Listing";
import { When } from "@/ui/When";
import { SettingsPage } from "./SettingsPage";
import { ShownOnce } from "./ShownOnce";

type Key = Schema<"KeyView">;

const SCOPES = ["full", "events", "events+contacts", "messages", "codes", "redeem", "read-only"] as const;

/** The API keys of the project: make one, see when each was last used, disable one. */
export function Component() {
  const { t } = useTranslation("settings");
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const [ending, setEnding] = useState<Key | null>(null);
  const query = api.useQuery("get", "/v1/keys");
  const columns: Column<Key>[] = [
    { head: t("keys.name"), cell: (key) => key.name },
    { head: t("keys.scope"), cell: ({ scope }) => <Scope scope={scope} /> },
    { head: t("made"), cell: (key) => <When at={key.createdAt} /> },
    { head: t("keys.used"), cell: (key) => <When at={key.lastUsedAt} /> },
    { head: t("act"), cell: (key) => <End row={key} onEnd={setEnding} /> },
  ];
  return (
    <SettingsPage tab="keys" actions={<Button onClick={() => setMaking(true)}>{t("keys.make")}</Button>}>
      <Stack>
        {made && (
          <ShownOnce title={t("keys.madeTitle")} value={made} hint={t("keys.madeHint")} onClose={() => setMade(null)} />
        )}
        <Listing
          caption={t("tabs.keys")}
          columns={columns}
          query={query}
          rowKey={(key) => key.id}
          empty={<EmptyState title={t("keys.empty")}>{t("keys.emptyHint")}</EmptyState>}
        />
      </Stack>
      <NewKey isOpen={isMaking} onClose={() => setMaking(false)} onMade={setMade} />
      {ending && <Disable row={ending} onClose={() => setEnding(null)} />}
    </SettingsPage>
  );
}

function Scope({ scope }: { scope: string }) {
  const { t } = useTranslation("settings");
  const known = SCOPES.find((one) => one === scope);
  return <Badge variant="light">{known ? t(`keys.scopes.${known}`) : scope}</Badge>;
}

function End({ row, onEnd }: { row: Key; onEnd: (key: Key) => void }) {
  const { t } = useTranslation("settings");
  if (row.disabledAt) return <Badge color="gray">{t("keys.disabled")}</Badge>;
  return (
    <Button size="compact-xs" variant="default" onClick={() => onEnd(row)}>
      {t("keys.disable")}
    </Button>
  );
}

type NewProps = { isOpen: boolean; onClose: () => void; onMade: (value: string) => void };

function NewKey({ isOpen, onClose, onMade }: NewProps) {
  const { t } = useTranslation("settings");
  const form = useForm({ initialValues: { name: "", scope: "events" } });
  const make = async (body: { name: string; scope: string }) => {
    const { data } = await client.POST("/v1/keys", { body });
    await queries.invalidateQueries();
    if (data) onMade(data.value);
  };
  return (
    <FormModal
      title={t("keys.make")}
      act={t("keys.make")}
      form={form}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={make}
    >
      <TextInput
        label={t("keys.name")}
        description={t("keys.nameHint")}
        required
        data-autofocus
        {...form.getInputProps("name")}
      />
      <Select
        label={t("keys.scope")}
        description={t("keys.scopeHint")}
        allowDeselect={false}
        data={SCOPES.map((scope) => ({ value: scope, label: t(`keys.scopes.${scope}`) }))}
        {...form.getInputProps("scope")}
      />
    </FormModal>
  );
}

function Disable({ row, onClose }: { row: Key; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const disable = api.useMutation("post", "/v1/keys/{key_id}/disable", { onSuccess: onClose });
  return (
    <ConfirmAct
      title={t("keys.disableTitle", { name: row.name })}
      act={t("keys.disable")}
      isOpen
      isPending={disable.isPending}
      error={disable.error}
      onClose={onClose}
      onConfirm={() => disable.mutate({ params: { path: { key_id: row.id } } })}
    >
      {t("keys.disableHint")}
    </ConfirmAct>
  );
}
