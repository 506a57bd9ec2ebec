import { Paper, Select, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { Failure } from "@/ui/Failure";
import { number } from "@/ui/format";
import { ForecastWords } from "./ForecastWords";
import type { Pool, Stock } from "./pool";
import { useStock } from "./pool";
import { StockChart } from "./StockChart";
import { withNow } from "./series";
import { UsesChart } from "./UsesChart";

const PERIODS = ["7", "30", "90", "365"];
const STATES = ["available", "scheduled", "closed", "expired", "reserved", "issued", "withdrawn", "expiring"] as const;

/** What is in the pool, how it got there, and how long it lasts. */
export function StockTab({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const [days, setDays] = useState("30");
  const path = { pool: pool.key };
  const stock = useStock(pool.key);
  const forecast = api.useQuery("get", "/v1/pools/{pool}/forecast", { params: { path } });
  const history = api.useQuery("get", "/v1/pools/{pool}/history", { params: { path, query: { days: Number(days) } } });
  const seen = useMemo(
    () => (stock.data ? withNow(history.data?.items ?? [], stock.data) : []),
    [history.data, stock.data],
  );
  const error = stock.error ?? forecast.error ?? history.error;
  if (error) return <Failure error={error} />;
  if (!stock.data || !forecast.data || !history.data) return <Skeleton h={520} />;
  return (
    <Stack gap="lg">
      <ForecastWords forecast={forecast.data} />
      <Breakdown stock={stock.data} />
      <Select
        w={160}
        label={t("period")}
        allowDeselect={false}
        value={days}
        onChange={(value) => setDays(value ?? "30")}
        data={PERIODS.map((value) => ({ value, label: t("lastDays", { days: number(Number(value)) }) }))}
      />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Paper withBorder p="md">
          <StockChart history={seen} forecast={forecast.data} alertBelow={pool.alertBelow} />
        </Paper>
        <Paper withBorder p="md">
          <UsesChart history={seen} />
        </Paper>
      </SimpleGrid>
    </Stack>
  );
}

function Breakdown({ stock }: { stock: Stock }) {
  const { t } = useTranslation("pools");
  return (
    <SimpleGrid cols={{ base: 2, sm: 4, lg: 8 }} spacing="xs" style={{ alignItems: "end" }}>
      {STATES.map((state) => (
        <dl key={state} style={{ margin: 0 }}>
          <Text component="dt" size="xs" c="dimmed">
            {t(state)}
          </Text>
          <Text component="dd" m={0} fw={600} className="tearoff-numbers">
            {number(stock[state])}
          </Text>
        </dl>
      ))}
    </SimpleGrid>
  );
}
