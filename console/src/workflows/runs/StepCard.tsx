import { Badge, Card, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type ExitName, KIND_NAMES, type KindName } from "../blocks";
import { KINDS } from "../kinds";
import { Facts } from "./Facts";

type Step = {
  block: string;
  kind: string;
  exit: string | null;
  input: Record<string, unknown> | null;
  output: Record<string, unknown> | null;
  error: string | null;
};

function isKind(kind: string): kind is KindName {
  return (KIND_NAMES as readonly string[]).includes(kind);
}

/** One block of a path: what went in, what came out, by which exit it was left, what went wrong. */
export function StepCard({ step, children }: { step: Step; children?: ReactNode }) {
  const { t } = useTranslation("workflows");
  const { icon: Icon, colour } = isKind(step.kind) ? KINDS[step.kind] : { icon: IconPlugConnected, colour: "gray" };
  return (
    <Card component="li" withBorder padding="xs">
      <Stack gap={6}>
        <Group gap="xs" wrap="nowrap">
          <ThemeIcon variant="light" color={step.error ? "red" : colour} size="sm">
            <Icon size={14} aria-hidden />
          </ThemeIcon>
          <Text size="sm" fw={600} flex={1} truncate>
            {isKind(step.kind) ? t(`kinds.${step.kind}`) : t("runs.source")} · {step.block}
          </Text>
          {step.exit && (
            <Badge size="sm" variant="light" tt="none">
              {t(`exits.${step.exit as ExitName}`)}
            </Badge>
          )}
        </Group>
        {step.error && (
          <Text size="xs" c="red">
            {step.error}
          </Text>
        )}
        {step.input && <Facts title={t("runs.input")} facts={step.input} />}
        {step.output && <Facts title={t("runs.output")} facts={step.output} />}
        {children}
      </Stack>
    </Card>
  );
}
