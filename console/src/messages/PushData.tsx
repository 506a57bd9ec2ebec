import { ActionIcon, Button, Fieldset, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

type Props = { value: unknown; onChange?: (value: Record<string, string>) => void };

function pairsOf(value: unknown): [string, string][] {
  return value && typeof value === "object" ? Object.entries(value).map(([name, text]) => [name, String(text)]) : [];
}

/** Names and texts that a push hands to the app. */
export function PushData({ value, onChange }: Props) {
  const { t } = useTranslation("messages");
  const [pairs, setPairs] = useState(pairsOf(value));
  const put = (next: [string, string][]) => {
    setPairs(next);
    onChange?.(Object.fromEntries(next.filter(([name]) => name !== "")));
  };
  const at = (n: number, pair: [string, string]) => put(pairs.map((old, m) => (m === n ? pair : old)));
  return (
    <Fieldset legend={t("data.title")}>
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {t("data.hint")}
        </Text>
        {pairs.map(([name, text], n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row has no identity but its place while its name is typed
          <Group key={n} align="end" wrap="nowrap">
            <TextInput
              label={t("data.name")}
              value={name}
              readOnly={!onChange}
              onChange={(event) => at(n, [event.currentTarget.value, text])}
            />
            <TextInput
              label={t("data.text")}
              flex={1}
              value={text}
              readOnly={!onChange}
              onChange={(event) => at(n, [name, event.currentTarget.value])}
            />
            {onChange && (
              <ActionIcon
                variant="subtle"
                color="red"
                size="lg"
                aria-label={t("data.remove", { name })}
                onClick={() => put(pairs.filter((_, m) => m !== n))}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        ))}
        {onChange && (
          <Button
            variant="default"
            size="xs"
            w="fit-content"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setPairs([...pairs, ["", ""]])}
          >
            {t("data.add")}
          </Button>
        )}
      </Stack>
    </Fieldset>
  );
}
