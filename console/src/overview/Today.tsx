import { Anchor, Card, Group, SimpleGrid, Skeleton, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { number } from "@/ui/format";

const WORKFLOWS_MAX = 1000;

/** What happened since midnight in the project's zone. */
export function Today() {
  const { t } = useTranslation("overview");
  const runs = api.useQuery("get", "/v1/stats/workflows", { params: { query: { limit: WORKFLOWS_MAX } } });
  const issued = api.useQuery("get", "/v1/stats/issued", { params: { query: { bucket: "day" } } });
  const sent = api.useQuery("get", "/v1/stats/deliveries", { params: { query: { bucket: "day" } } });
  const isSent = sent.data?.series.filter(({ state }) => state === "sent");
  const sum = (of: "started" | "failed") => runs.data?.items.reduce((total, line) => total + line[of], 0);
  const error = runs.error ?? issued.error ?? sent.error;
  const retry = () => void Promise.all([runs, issued, sent].map(({ refetch }) => refetch()));
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="sm">
        {t("today")}
      </Title>
      {error ? (
        <Failure error={error} onRetry={retry} />
      ) : (
        <SimpleGrid cols={2}>
          <Figure label={t("issuedToday")} value={issued.data && lastOf(issued.data.series)} to="/pools" />
          <Figure label={t("sentToday")} value={isSent && lastOf(isSent)} to="/deliveries" />
          <Figure label={t("runs")} value={sum("started")} to="/runs" />
          <Figure label={t("errors")} value={sum("failed")} to="/runs?state=failed" isBad />
        </SimpleGrid>
      )}
    </Card>
  );
}

/** The sum of the last values of series by day: those of today. */
function lastOf(series: { values: number[] }[]): number {
  return series.reduce((total, { values }) => total + (values.at(-1) ?? 0), 0);
}

type FigureProps = { label: string; value: number | undefined; to: string; isBad?: boolean };

function Figure({ label, value, to, isBad = false }: FigureProps) {
  if (value === undefined) return <Skeleton h={52} />;
  return (
    <Group gap={0} align="baseline">
      <Text size="xl" fw={700} c={isBad && value > 0 ? "red" : undefined} className="tearoff-numbers" w="100%">
        {number(value)}
      </Text>
      <Anchor component={Link} to={to} size="sm">
        {label}
      </Anchor>
    </Group>
  );
}
