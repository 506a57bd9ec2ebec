import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSession } from "@/session/session";
import { moment } from "@/ui/format";
import { textOf } from "../blocks";
import classes from "./runs.module.css";

const LABELLED = [
  "eventId",
  "contactId",
  "external_id",
  "email",
  "phone",
  "token",
  "pool",
  "wish",
  "claim",
  "reason",
  "until",
  "language",
  "recipient",
  "message",
  "version",
  "source",
  "sent",
] as const;

function isLabelled(name: string): name is (typeof LABELLED)[number] {
  return (LABELLED as readonly string[]).includes(name);
}

/** What a block asked of a code, as the engine keeps it: `discount=10;days=`. */
function wishText(wish: string): string {
  const asked = wish.split(";").filter((part) => !part.endsWith("="));
  return asked.map((part) => part.replace("=", " ")).join(", ");
}

/** Names with their values, in two columns; what is empty is left out. */
export function Facts({ title, facts }: { title?: string; facts: Record<string, unknown> }) {
  const { t } = useTranslation("workflows");
  const { timeZone } = useSession().project;
  const read = (name: string, value: unknown) => {
    if (name === "until") return moment(textOf(value), timeZone);
    return name === "wish" ? wishText(textOf(value)) || t("facts.anyCode") : textOf(value);
  };
  const shown = Object.entries(facts).filter(([, value]) => textOf(value) !== "");
  if (shown.length === 0) return null;
  return (
    <dl className={classes.facts} aria-label={title}>
      {title && (
        <Text size="xs" fw={600} aria-hidden>
          {title}
        </Text>
      )}
      {shown.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <Text component="dt" size="xs" c="dimmed">
            {isLabelled(name) ? t(`facts.${name}`) : name}
          </Text>
          <Text component="dd" size="xs" m={0} className={classes.value}>
            {read(name, value)}
          </Text>
        </div>
      ))}
    </dl>
  );
}
