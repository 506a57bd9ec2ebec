import { Badge, Button, Checkbox, Group, Select, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, client, type Schema } from "@/api/client";
import { queries } from "@/api/queries";
import { useMayEdit } from "@/session/session";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { EmptyState } from "@/ui/EmptyState";
import { FormModal } from "@/ui/FormModal";
import { type Column, Listing } from "@/ui/Listing";
import { SettingsPage } from "./SettingsPage";

type Field = Schema<"FieldView">;
type Type = Field["type"];

const TYPES: Type[] = [
  ...(["TEXTFIELD", "TEXTAREA", "NUMBER", "DECIMAL", "DATE", "DATETIME"] as const),
  ...(["COMBOBOX", "CHECKBOXLIST", "TAGS"] as const),
];
const LISTED: Type[] = ["COMBOBOX", "CHECKBOXLIST"];

/** The additional fields of contacts, where workflows write codes to. */
export function Component() {
  const { t } = useTranslation("settings");
  const mayEdit = useMayEdit();
  const [isMaking, setMaking] = useState(false);
  const [removing, setRemoving] = useState<Field | null>(null);
  const query = api.useQuery("get", "/v1/fields");
  const columns: Column<Field>[] = [
    { head: t("fields.name"), cell: (field) => field.name },
    { head: t("fields.inTemplates"), cell: (field) => <code>{`${field.section}.${field.key}`}</code> },
    { head: t("fields.type"), cell: (field) => <Badge variant="light">{t(`fields.types.${field.type}`)}</Badge> },
    { head: t("fields.id"), isNumber: true, cell: (field) => field.id },
    {
      head: t("act"),
      cell: (field) =>
        mayEdit && (
          <Button size="compact-xs" variant="default" onClick={() => setRemoving(field)}>
            {t("remove")}
          </Button>
        ),
    },
  ];
  return (
    <SettingsPage tab="fields" actions={mayEdit && <Button onClick={() => setMaking(true)}>{t("fields.make")}</Button>}>
      <Listing
        caption={t("tabs.fields")}
        columns={columns}
        query={query}
        rowKey={(field) => field.id}
        empty={<EmptyState title={t("fields.empty")}>{t("fields.emptyHint")}</EmptyState>}
      />
      <NewField isOpen={isMaking} onClose={() => setMaking(false)} />
      {removing && <Remove row={removing} onClose={() => setRemoving(null)} />}
    </SettingsPage>
  );
}

function NewField({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const form = useForm({
    initialValues: {
      name: "",
      key: "",
      section: "PERSONAL",
      type: "TEXTFIELD" as Type,
      isRequired: false,
      isReadOnly: false,
      allowed: [] as string[],
    },
  });
  const make = async (body: typeof form.values) => {
    await client.POST("/v1/fields", { body });
    await queries.invalidateQueries();
  };
  return (
    <FormModal
      title={t("fields.make")}
      act={t("fields.make")}
      form={form}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={make}
    >
      <TextInput label={t("fields.name")} required data-autofocus {...form.getInputProps("name")} />
      <Group grow align="flex-start">
        <TextInput label={t("fields.section")} required {...form.getInputProps("section")} />
        <TextInput label={t("fields.key")} required {...form.getInputProps("key")} />
      </Group>
      <Select
        label={t("fields.type")}
        allowDeselect={false}
        data={TYPES.map((type) => ({ value: type, label: t(`fields.types.${type}`) }))}
        {...form.getInputProps("type")}
      />
      {LISTED.includes(form.values.type) && (
        <TagsInput
          label={t("fields.allowed")}
          description={t("fields.allowedHint")}
          {...form.getInputProps("allowed")}
        />
      )}
      <Checkbox label={t("fields.isRequired")} {...form.getInputProps("isRequired", { type: "checkbox" })} />
    </FormModal>
  );
}

function Remove({ row, onClose }: { row: Field; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const remove = api.useMutation("delete", "/v1/fields/{ref}", { onSuccess: onClose });
  return (
    <ConfirmAct
      title={t("fields.removeTitle", { name: row.name })}
      act={t("remove")}
      isOpen
      isPending={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate({ params: { path: { ref: String(row.id) } } })}
    >
      {t("fields.removeHint")}
    </ConfirmAct>
  );
}
