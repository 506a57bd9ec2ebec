import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { COMMON, languageName } from "@/messages/languageNames";
import { Failure } from "@/ui/Failure";
import { done } from "@/ui/notices";
import type { Contact, Field } from "./names";
import { fieldTexts } from "./Profile";

type Props = { contact: Contact; isOpen: boolean; onClose: () => void };

/** Changes what is known of a person; an emptied value is forgotten. */
export function EditContact(props: Props) {
  const { t } = useTranslation("contacts");
  const fields = api.useQuery("get", "/v1/fields", {}).data?.items;
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      title={t("edit")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {fields && <Form {...props} fields={fields} />}
    </Modal>
  );
}

function Form({ contact, onClose, fields }: Props & { fields: Field[] }) {
  const { t } = useTranslation("contacts");
  const form = useForm({
    initialValues: {
      firstName: contact.firstName ?? "",
      lastName: contact.lastName ?? "",
      externalId: contact.externalId ?? "",
      language: contact.language ?? "",
      timeZone: contact.timeZone ?? "",
      fields: fieldTexts(contact, fields),
    },
  });
  const change = api.useMutation("patch", "/v1/contacts/{contact_id}", {
    onSuccess: () => {
      done(t("saved"));
      onClose();
    },
  });
  const submit = form.onSubmit((values) =>
    change.mutate({ params: { path: { contact_id: contact.id } }, body: changesOf(values, form.isDirty) }),
  );
  const languages = [...new Set([...COMMON, contact.language].filter((code) => code !== null))];
  return (
    <form onSubmit={submit}>
      <Stack>
        {change.error && <Failure error={change.error} />}
        <TextInput label={t("firstName")} data-autofocus {...form.getInputProps("firstName")} />
        <TextInput label={t("lastName")} {...form.getInputProps("lastName")} />
        <TextInput label={t("externalId")} {...form.getInputProps("externalId")} />
        <Select
          label={t("language")}
          searchable
          clearable
          data={languages.map((value) => ({ value, label: languageName(value) }))}
          {...form.getInputProps("language")}
          onChange={(value) => form.setFieldValue("language", value ?? "")}
        />
        <Select
          label={t("timeZone")}
          searchable
          clearable
          data={Intl.supportedValuesOf("timeZone")}
          {...form.getInputProps("timeZone")}
          onChange={(value) => form.setFieldValue("timeZone", value ?? "")}
        />
        {fields.map((field) => (
          <TextInput
            key={field.id}
            label={field.name}
            description={field.allowed.length > 0 ? field.allowed.join(", ") : t(`types.${field.type}`)}
            readOnly={field.isReadOnly}
            {...form.getInputProps(`fields.${field.id}`)}
          />
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {t("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What somebody changed: the rest may have been written by a workflow while the form stood open. */
function changesOf<Values extends { fields: Record<string, string> }>(
  values: Values,
  isDirty: (path: string) => boolean,
) {
  const pick = <Part extends object>(part: Part, at: string) =>
    Object.fromEntries(Object.entries(part).filter(([name]) => isDirty(at + name))) as Partial<Part>;
  return { ...pick(values, ""), fields: pick(values.fields, "fields.") };
}
