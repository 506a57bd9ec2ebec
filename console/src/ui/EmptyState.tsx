import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** What a list shows while it has nothing: what it is for, and what to do first. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py="xl" ta="center">
      <Title order={2} size="h4">
        {title}
      </Title>
      {children && (
        <Text c="dimmed" maw={480}>
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}

/** What a list shows when nothing of it answers to the words that were typed. */
export function NothingFound() {
  const { t } = useTranslation("ui");
  return <EmptyState title={t("nothingFound")}>{t("nothingFoundHint")}</EmptyState>;
}
