import { Alert, Group, Paper, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { number } from "@/ui/format";
import { Marked } from "./Marked";
import { sizeOf } from "./sms";

const PART_COUNT_MANY = 3;

/** An SMS as a telephone shows it, with its length, its alphabet and how many parts are paid for. */
export function SmsPreview({ texts, samples }: { texts: Record<string, string>; samples: string[] }) {
  const { t } = useTranslation("messages");
  const text = texts.text ?? "";
  const { encoding, units, parts, perPart, strange } = sizeOf(text);
  const facts = [
    [t("sms.length"), t("sms.ofPart", { units: number(units), room: number(perPart * parts) })],
    [t("sms.encoding"), encoding],
    [t("sms.parts"), number(parts)],
  ] as const;
  return (
    <Stack gap="sm">
      {texts.sender && (
        <Text size="xs" c="dimmed">
          {t("texts.sender")}: {texts.sender}
        </Text>
      )}
      <Paper bg="var(--mantine-color-default-hover)" radius="lg" p="md" maw={340}>
        <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          <Marked text={text} samples={samples} />
        </Text>
      </Paper>
      <Group gap="xl" component="dl" m={0}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <Text size="xs" c="dimmed" component="dt">
              {name}
            </Text>
            <Text fw={600} component="dd" m={0} className="tearoff-numbers">
              {value}
            </Text>
          </div>
        ))}
      </Group>
      {strange.length > 0 && (
        <Text size="sm" c="dimmed">
          {t("sms.strange", { characters: strange.slice(0, 12).join(" ") })}
        </Text>
      )}
      {parts > PART_COUNT_MANY && <Alert color="yellow">{t("sms.many", { count: parts })}</Alert>}
    </Stack>
  );
}
