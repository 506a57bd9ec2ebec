import { Anchor, Card, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { LevelBadge } from "./LevelBadge";

const SHOWN = 5;

/** The open problems, the newest first. */
export function Needs() {
  const { t } = useTranslation("overview");
  const { data, error, refetch } = api.useQuery("get", "/v1/problems", {
    params: { query: { state: "open", limit: SHOWN } },
  });
  return (
    <Card withBorder>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {t("needs")}
        </Title>
        <Anchor component={Link} to="/problems" size="sm">
          {t("allProblems")}
        </Anchor>
      </Group>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton h={88} />}
      {data?.items.length === 0 && <Text c="dimmed">{t("nothing")}</Text>}
      <Stack gap="xs">
        {data?.items.map((problem) => (
          <Group key={problem.id} gap="xs" wrap="nowrap" align="flex-start">
            <LevelBadge level={problem.level} />
            <Text size="sm" miw={0} style={{ overflowWrap: "anywhere" }}>
              {problem.pool && (
                <Anchor component={Link} to={`/pools/${problem.pool}`} fw={600}>
                  {problem.pool}
                </Anchor>
              )}{" "}
              {problem.detail}
            </Text>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
