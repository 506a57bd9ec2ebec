import { Group, Paper, Stack, Table, Text, ThemeIcon } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Marked } from "./Marked";

/** A push as a card on a screen, and what the app gets with it. */
export function PushPreview({ texts, samples }: { texts: Record<string, string>; samples: string[] }) {
  const { t } = useTranslation("messages");
  const data = Object.entries(texts).filter(([name]) => name.startsWith("data/"));
  return (
    <Stack gap="sm">
      <Paper withBorder shadow="md" radius="lg" p="md" maw={380}>
        <Group align="flex-start" wrap="nowrap">
          <ThemeIcon variant="light" size="lg" radius="md">
            <IconBell size={20} aria-hidden />
          </ThemeIcon>
          <Stack gap={2}>
            <Text fw={600} size="sm">
              <Marked text={texts.title ?? ""} samples={samples} />
            </Text>
            <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              <Marked text={texts.text ?? ""} samples={samples} />
            </Text>
            {texts.link && (
              <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                {texts.link}
              </Text>
            )}
          </Stack>
        </Group>
      </Paper>
      {data.length > 0 && (
        <Table aria-label={t("data.title")}>
          <Table.Tbody>
            {data.map(([name, text]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{name.slice("data/".length)}</Table.Th>
                <Table.Td>
                  <Marked text={text} samples={samples} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}
