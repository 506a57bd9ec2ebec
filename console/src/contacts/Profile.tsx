import { Badge, Card, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { languageName } from "@/messages/languageNames";
import { When } from "@/ui/When";
import type { Contact, Field } from "./names";

/** What is known of a person: addresses, names, additional fields. */
export function Profile({ contact }: { contact: Contact }) {
  const { t } = useTranslation("contacts");
  const fields = api.useQuery("get", "/v1/fields", {}).data?.items ?? [];
  const address = Object.values(contact.address).filter(Boolean).join(", ");
  return (
    <>
      <Section title={t("channels")}>
        {contact.locators.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("noChannels")}
          </Text>
        )}
        {contact.locators.map(({ kind, value, isDead }) => (
          <Fact key={kind + value} name={t(`kinds.${kind}`)}>
            <Group gap="xs">
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                {value}
              </Text>
              {isDead && (
                <Badge color="red" variant="light" title={t("deadHint")}>
                  {t("dead")}
                </Badge>
              )}
            </Group>
          </Fact>
        ))}
      </Section>
      <Section title={t("about")}>
        <Fact name={t("id")}>{contact.id}</Fact>
        <Fact name={t("externalId")}>{contact.externalId}</Fact>
        <Fact name={t("language")}>{contact.language && languageName(contact.language)}</Fact>
        <Fact name={t("timeZone")}>{contact.timeZone}</Fact>
        <Fact name={t("address")}>{address}</Fact>
        <Fact name={t("since")}>
          <When at={contact.createdAt} />
        </Fact>
      </Section>
      {fields.length > 0 && (
        <Section title={t("fields")}>
          {fields.map((field) => (
            <Fact key={field.id} name={field.name}>
              {shown(contact.fields[String(field.id)])}
            </Fact>
          ))}
        </Section>
      )}
    </>
  );
}

/** A field's value in words; several are told apart by commas. */
export function shown(value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** The value of each field as text, for forms. */
export function fieldTexts(contact: Contact, fields: Field[]): Record<string, string> {
  return Object.fromEntries(fields.map(({ id }) => [String(id), shown(contact.fields[String(id)])]));
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      <Stack component="dl" gap={6} m={0}>
        {children}
      </Stack>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="xs" c="dimmed">
        {name}
      </Text>
      <Text component="dd" size="sm" m={0} style={{ overflowWrap: "anywhere" }}>
        {children || "–"}
      </Text>
    </div>
  );
}
