import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { bytes } from "@/ui/format";
import type { Sending } from "./useSending";

/** How much of a file is sent. */
export function SendingBar({ name, sent, size, isStalled, onStop }: Sending & { onStop: () => void }) {
  const { t } = useTranslation(["uploads", "ui"]);
  return (
    <Stack gap={6}>
      <Group justify="space-between">
        <Text size="sm" fw={500}>
          {t("sending", { name })}
        </Text>
        <Button variant="subtle" color="red" size="compact-xs" onClick={onStop}>
          {t("ui:stop")}
        </Button>
      </Group>
      <Progress value={(sent / Math.max(size, 1)) * 100} aria-label={t("sending", { name })} />
      <Text size="xs" c="dimmed" className="tearoff-numbers" aria-live="polite">
        {t("sent", { sent: bytes(sent), size: bytes(size) })}
        {isStalled && ` · ${t("stalled")}`}
      </Text>
    </Stack>
  );
}
