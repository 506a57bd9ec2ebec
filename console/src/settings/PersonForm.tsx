import { Checkbox, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { client, type Schema } from "@/api/client";
import { queries } from "@/api/queries";
import { FormModal } from "@/ui/FormModal";
import { done } from "@/ui/notices";

type Person = Schema<"PersonView">;
type Values = { email: string; role: Person["role"]; mayReveal: boolean; mayExport: boolean };
type Props = { person: Person | null; onClose: () => void; onLink: (link: string) => void };

const ROLES: Person["role"][] = ["owner", "editor", "viewer"];

/** Invites somebody, or gives them another role or other rights. */
export function PersonForm({ person, onClose, onLink }: Props) {
  const { t } = useTranslation("settings");
  const { email = "", role = "editor", mayReveal = false, mayExport = false } = person ?? {};
  const form = useForm<Values>({ initialValues: { email, role, mayReveal, mayExport } });
  const save = async ({ email: address, ...rights }: Values) => {
    if (person)
      await client.PATCH("/v1/people/{person_id}", { params: { path: { person_id: person.id } }, body: rights });
    else {
      const { data } = await client.POST("/v1/invitations", { body: { email: address, ...rights } });
      if (data?.link) onLink(data.link);
      else done(t("people.invited"));
    }
    await queries.invalidateQueries();
  };
  return (
    <FormModal
      title={person ? person.email : t("people.invite")}
      act={person ? t("save") : t("people.invite")}
      isOpen
      onClose={onClose}
      form={form}
      onSubmit={save}
    >
      {!person && (
        <TextInput label={t("people.email")} type="email" required data-autofocus {...form.getInputProps("email")} />
      )}
      <Select
        label={t("people.role")}
        description={t("people.roleHint")}
        allowDeselect={false}
        data={ROLES.map((each) => ({ value: each, label: t(`people.roles.${each}`) }))}
        {...form.getInputProps("role")}
      />
      <Checkbox label={t("people.mayReveal")} {...form.getInputProps("mayReveal", { type: "checkbox" })} />
      <Checkbox label={t("people.mayExport")} {...form.getInputProps("mayExport", { type: "checkbox" })} />
    </FormModal>
  );
}
