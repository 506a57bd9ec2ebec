import { Anchor, Button, Card, Group, List, Text, ThemeIcon, Title } from "@mantine/core";
import { IconCheck, IconCircle } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { Failure } from "@/ui/Failure";
import { fillExample } from "./example";

/** What an empty project shows: the three steps to the first mail, and an example to look at. */
export function FirstSteps({ hasPools, hasMessages }: { hasPools: boolean; hasMessages: boolean }) {
  const { t } = useTranslation("overview");
  const navigate = useNavigate();
  const fill = useMutation({ mutationFn: fillExample, onSuccess: () => navigate("/workflows/birthday") });
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">
        {t("steps.title")}
      </Title>
      <List spacing="xs" center>
        <Step isDone={hasPools} to="/pools" label={t("steps.pool")} />
        <Step isDone={hasMessages} to="/messages" label={t("steps.message")} />
        <Step isDone={false} to="/workflows" label={t("steps.workflow")} />
      </List>
      {fill.error ? <Failure error={fill.error} /> : null}
      <Group mt="md">
        <Button variant="light" loading={fill.isPending} onClick={() => fill.mutate()}>
          {t("steps.example")}
        </Button>
        <Text size="sm" c="dimmed">
          {t("steps.exampleHint")}
        </Text>
      </Group>
    </Card>
  );
}

function Step({ isDone, to, label }: { isDone: boolean; to: string; label: string }) {
  const Icon = isDone ? IconCheck : IconCircle;
  return (
    <List.Item
      icon={
        <ThemeIcon size={22} radius="xl" variant="light" color={isDone ? "teal" : "gray"}>
          <Icon size={14} aria-hidden />
        </ThemeIcon>
      }
    >
      <Anchor component={Link} to={to}>
        {label}
      </Anchor>
    </List.Item>
  );
}
