import { Badge, Button, Checkbox, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, client, type Schema } from "@/api/client";
import { queries } from "@/api/queries";
import { useSession } from "@/session/session";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { EmptyState } from "@/ui/EmptyState";
import { FormModal } from "@/ui/FormModal";
import { type Column, Listing } from "@/ui/Listing";
import { done } from "@/ui/notices";
import { When } from "@/ui/When";
import { Invitations } from "./Invitations";
import { SettingsPage } from "./SettingsPage";
import { ShownOnce } from "./ShownOnce";

type Person = Schema<"PersonView">;
type Values = { email: string; role: Person["role"]; mayReveal: boolean; mayExport: boolean };

const ROLES: Person["role"][] = ["owner", "editor", "viewer"];

/** Who works in the project, with which rights, and who is invited. */
export function Component() {
  const { t } = useTranslation("settings");
  const [form, setForm] = useState<Person | "new" | null>(null);
  const [removing, setRemoving] = useState<Person | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const query = api.useQuery("get", "/v1/people");
  return (
    <SettingsPage tab="people" actions={<Button onClick={() => setForm("new")}>{t("people.invite")}</Button>}>
      <Stack>
        {link && (
          <ShownOnce
            title={t("people.linkTitle")}
            value={link}
            hint={t("people.linkHint")}
            onClose={() => setLink(null)}
          />
        )}
        <Listing
          caption={t("tabs.people")}
          columns={useColumns(setForm, setRemoving)}
          query={query}
          rowKey={(person) => person.id}
          empty={<EmptyState title={t("people.empty")} />}
        />
        <Title order={2} size="h4">
          {t("people.invitations")}
        </Title>
        <Invitations />
      </Stack>
      {form && <PersonForm person={form === "new" ? null : form} onClose={() => setForm(null)} onLink={setLink} />}
      {removing && <Remove row={removing} onClose={() => setRemoving(null)} />}
    </SettingsPage>
  );
}

function useColumns(onChange: (person: Person) => void, onRemove: (person: Person) => void): Column<Person>[] {
  const { t } = useTranslation("settings");
  const self = useSession().person.id;
  return [
    { head: t("people.email"), cell: (person) => person.email },
    { head: t("people.name"), cell: (person) => person.name },
    { head: t("people.role"), cell: (person) => <Badge variant="light">{t(`people.roles.${person.role}`)}</Badge> },
    { head: t("people.rights"), cell: (person) => <Rights person={person} /> },
    { head: t("people.seen"), cell: (person) => <When at={person.lastSeenAt} /> },
    {
      head: t("act"),
      cell: (person) =>
        person.id !== self &&
        person.isMember && (
          <Group gap="xs" wrap="nowrap">
            <Button size="compact-xs" variant="default" onClick={() => onChange(person)}>
              {t("change")}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => onRemove(person)}>
              {t("remove")}
            </Button>
          </Group>
        ),
    },
  ];
}

function Rights({ person }: { person: Person }) {
  const { t } = useTranslation("settings");
  const rights = [person.mayReveal && t("people.mayReveal"), person.mayExport && t("people.mayExport")];
  return (
    <Text size="sm" miw={160}>
      {rights.filter(Boolean).join(", ") || "–"}
    </Text>
  );
}

type FormProps = { person: Person | null; onClose: () => void; onLink: (link: string) => void };

function PersonForm({ person, onClose, onLink }: FormProps) {
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
      {!person && <TextInput label={t("people.email")} type="email" required {...form.getInputProps("email")} />}
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

function Remove({ row, onClose }: { row: Person; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const remove = api.useMutation("delete", "/v1/people/{person_id}", { onSuccess: onClose });
  return (
    <ConfirmAct
      title={t("people.removeTitle", { email: row.email })}
      act={t("remove")}
      isOpen
      isPending={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate({ params: { path: { person_id: row.id } } })}
    >
      {t("people.removeHint")}
    </ConfirmAct>
  );
}
