import { ActionIcon, Button, Fieldset, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import type { Header } from "./drafts";

type Props = { headers: Header[]; onChange?: (headers: Header[]) => void; problems: Schema<"Problem">[] };

/** The headers of a request; values are templates too. */
export function HeaderRows({ headers, onChange, problems }: Props) {
  const { t } = useTranslation("sources");
  const at = (n: number, part: Partial<Header>) =>
    onChange?.(headers.map((old, m) => (m === n ? { ...old, ...part } : old)));
  const errorOf = (name: string) => problems.find((one) => one.pointer === `/headers/${name}`)?.detail;
  return (
    <Fieldset legend={t("headers.title")}>
      <Stack gap="xs">
        {headers.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("headers.none")}
          </Text>
        )}
        {headers.map(({ name, value }, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row has no identity but its place while its name is typed
          <Group key={n} wrap="nowrap" align="start">
            <TextInput
              aria-label={t("headers.name", { n: n + 1 })}
              placeholder="X-Shop"
              readOnly={!onChange}
              value={name}
              error={errorOf(name)}
              onChange={(event) => at(n, { name: event.currentTarget.value })}
            />
            <TextInput
              flex={1}
              aria-label={t("headers.value", { name: name || n + 1 })}
              readOnly={!onChange}
              value={value}
              onChange={(event) => at(n, { value: event.currentTarget.value })}
            />
            {onChange && (
              <ActionIcon
                variant="subtle"
                color="red"
                size="lg"
                aria-label={t("headers.remove", { name: name || n + 1 })}
                onClick={() => onChange(headers.filter((_, m) => m !== n))}
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
            onClick={() => onChange([...headers, { name: "", value: "" }])}
          >
            {t("headers.add")}
          </Button>
        )}
      </Stack>
    </Fieldset>
  );
}
