import { Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { useSession } from "@/session/session";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { EmptyState } from "@/ui/EmptyState";
import { type Column, Listing } from "@/ui/Listing";
import { When } from "@/ui/When";
import { Invitations } from "./Invitations";
import { PersonForm } from "./PersonForm";
import { PersonMenu } from "./PersonMenu";
import { SettingsPage } from "./SettingsPage";
import { ShownOnce } from "./ShownOnce";

type Person = Schema<"PersonView">;
type Act = { name: "change" | "remove" | "disable"; person: Person };
type Shown = { link: string; hint: "linkHint" | "resetHint" };

/** Who works in the project, with which rights, and who is invited. */
export function Component() {
  const { t } = useTranslation("settings");
  const [act, setAct] = useState<Act | "invite" | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const query = api.useQuery("get", "/v1/people");
  return (
    <SettingsPage tab="people" actions={<Button onClick={() => setAct("invite")}>{t("people.invite")}</Button>}>
      <Stack>
        {shown && (
          <ShownOnce
            title={t("people.linkTitle")}
            value={shown.link}
            hint={t(`people.${shown.hint}`)}
            onClose={() => setShown(null)}
          />
        )}
        <Listing
          caption={t("tabs.people")}
          columns={useColumns(setAct, (link) => setShown({ link, hint: "resetHint" }))}
          query={query}
          rowKey={(person) => person.id}
          empty={<EmptyState title={t("people.empty")} />}
        />
        <Title order={2} size="h4">
          {t("people.invitations")}
        </Title>
        <Invitations />
      </Stack>
      <Dialogs act={act} onClose={() => setAct(null)} onLink={(link) => setShown({ link, hint: "linkHint" })} />
    </SettingsPage>
  );
}

type DialogProps = { act: Act | "invite" | null; onClose: () => void; onLink: (link: string) => void };

function Dialogs({ act, onClose, onLink }: DialogProps) {
  if (act === "invite") return <PersonForm person={null} onClose={onClose} onLink={onLink} />;
  if (act?.name === "change") return <PersonForm person={act.person} onClose={onClose} onLink={onLink} />;
  if (act?.name === "remove") return <Remove row={act.person} onClose={onClose} />;
  if (act?.name === "disable") return <Disable row={act.person} onClose={onClose} />;
  return null;
}

function useColumns(onAct: (act: Act) => void, onLink: (link: string) => void): Column<Person>[] {
  const { t } = useTranslation("settings");
  return [
    { head: t("people.email"), cell: (person) => <Email person={person} /> },
    { head: t("people.name"), cell: (person) => person.name || "–" },
    { head: t("people.role"), cell: (person) => <Badge variant="light">{t(`people.roles.${person.role}`)}</Badge> },
    { head: t("people.rights"), cell: (person) => <Rights person={person} /> },
    { head: t("people.seen"), cell: (person) => <When at={person.lastSeenAt} /> },
    { head: t("act"), cell: (person) => <Acts person={person} onAct={onAct} onLink={onLink} /> },
  ];
}

function Email({ person }: { person: Person }) {
  const { t } = useTranslation("settings");
  return (
    <Group gap="xs">
      {person.email}
      {person.isAdministrator && (
        <Badge color="gray" variant="light">
          {t("people.administrator")}
        </Badge>
      )}
      {person.isDisabled && (
        <Badge color="red" variant="light">
          {t("people.disabled")}
        </Badge>
      )}
    </Group>
  );
}

type ActsProps = { person: Person; onAct: (act: Act) => void; onLink: (link: string) => void };

function Acts({ person, onAct, onLink }: ActsProps) {
  const { t } = useTranslation("settings");
  const self = useSession().person;
  if (person.id === self.id) return <Text size="sm">{t("people.you")}</Text>;
  return (
    <Group gap="xs" wrap="nowrap">
      {person.isMember && (
        <>
          <Button size="compact-xs" variant="default" onClick={() => onAct({ name: "change", person })}>
            {t("change")}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => onAct({ name: "remove", person })}>
            {t("remove")}
          </Button>
        </>
      )}
      {self.isAdministrator && (
        <PersonMenu person={person} onLink={onLink} onDisable={() => onAct({ name: "disable", person })} />
      )}
    </Group>
  );
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

function Disable({ row, onClose }: { row: Person; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const disable = api.useMutation("patch", "/v1/people/{person_id}", { onSuccess: onClose });
  return (
    <ConfirmAct
      title={t("people.disableTitle", { email: row.email })}
      act={t("people.disable")}
      isOpen
      isPending={disable.isPending}
      error={disable.error}
      onClose={onClose}
      onConfirm={() => disable.mutate({ params: { path: { person_id: row.id } }, body: { isDisabled: true } })}
    >
      {t("people.disableHint")}
    </ConfirmAct>
  );
}
