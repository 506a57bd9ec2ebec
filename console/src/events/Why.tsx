import { Alert, Anchor, Badge, Card, Group, List, Skeleton, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, type Schema } from "@/api/client";
import { Failure } from "@/ui/Failure";

/** Which runs an event started, and for every other workflow of its type the reason for none. */
export function Why({ eventId }: { eventId: number }) {
  const { t } = useTranslation("events");
  const { data, error, refetch } = api.useQuery("get", "/v1/events/{event_id}/why", {
    params: { path: { event_id: eventId } },
  });
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={240} />;
  return (
    <Card withBorder component="section" aria-label={t("why.title")}>
      <Stack>
        <Title order={2} size="h4">
          {t("why.title")}
        </Title>
        <Text size="sm">{t("why.started", { count: data.started })}</Text>
        {data.workflows.length === 0 && <Alert variant="light">{t("why.nobody", { type: data.eventType })}</Alert>}
        {data.workflows.map((workflow) => (
          <Answer key={workflow.workflow} workflow={workflow} />
        ))}
      </Stack>
    </Card>
  );
}

function Answer({ workflow }: { workflow: Schema<"WorkflowWhy"> }) {
  const { t } = useTranslation("events");
  const { reason, runId, state } = workflow;
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Anchor component={Link} to={`/workflows/${encodeURIComponent(workflow.workflow)}`} fw={600}>
          {workflow.name}
        </Anchor>
        <Badge variant="light" color={reason === "started" ? "teal" : "gray"} tt="none">
          {t(`why.reasons.${reason}`)}
        </Badge>
        {runId && (
          <Anchor component={Link} to={`/runs/${runId}`} size="sm">
            {t("why.run", { run: runId })}
          </Anchor>
        )}
        {state && (
          <Badge variant="default" tt="none">
            {t(`runStates.${state}`)}
          </Badge>
        )}
      </Group>
      {reason !== "started" && <Text size="sm">{workflow.detail}</Text>}
      {workflow.conditions.length > 0 && <Conditions conditions={workflow.conditions} />}
    </Stack>
  );
}

function Conditions({ conditions }: { conditions: Schema<"Judged">[] }) {
  const { t } = useTranslation("events");
  return (
    <List size="sm" spacing={2} center>
      {conditions.map(({ param, comparison, value, actual, holds, group }) => (
        <List.Item
          key={group + param + comparison + String(value)}
          icon={
            <ThemeIcon size={18} radius="xl" color={holds ? "teal" : "red"}>
              {holds ? (
                <IconCheck size={12} aria-label={t("why.holds")} />
              ) : (
                <IconX size={12} aria-label={t("why.fails")} />
              )}
            </ThemeIcon>
          }
        >
          {param} {comparison} {value === null || value === undefined ? "" : String(value)} ·{" "}
          {t("why.actual", { actual: actual || "–" })}
        </List.Item>
      ))}
    </List>
  );
}
