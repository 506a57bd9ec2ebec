import { Group, Paper, Select, SimpleGrid, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { PoolSelect } from "@/codes/PoolSelect";
import { EmptyState } from "@/ui/EmptyState";
import { Failure } from "@/ui/Failure";
import { useFilter } from "@/ui/filters";
import { number } from "@/ui/format";
import { type Column, Listing, useAfter } from "@/ui/Listing";
import { When } from "@/ui/When";

type Refusal = Schema<"RefusalView">;

const STATUSES = [
  "not-found",
  "blocked",
  "unavailable",
  "used",
  "not-issued",
  "not-yet-active",
  "no-longer-active",
  "not-for-this-order",
] as const;

/** Attempts that were refused, with the reason, and how often each reason came. */
export function Refusals() {
  const { t } = useTranslation("redemptions");
  const [pool, setPool] = useFilter("pool");
  const [status, setStatus] = useFilter("status");
  const query = api.useQuery("get", "/v1/redemptions/refusals", {
    params: {
      query: { limit: 50, after: useAfter(), pool: pool || undefined, status: STATUSES.find((one) => one === status) },
    },
  });
  const columns: Column<Refusal>[] = [
    { head: t("when"), cell: (row) => <When at={row.refusedAt} /> },
    { head: t("code"), cell: (row) => <span className="tearoff-code">{row.code ?? "–"}</span> },
    { head: t("statusName"), cell: (row) => <Why row={row} /> },
    { head: t("order"), cell: (row) => <Text size="sm">{row.orderId ?? "–"}</Text> },
    { head: t("pool"), cell: (row) => <Text size="sm">{row.pool ?? "–"}</Text> },
  ];
  return (
    <Stack>
      <Reasons />
      <Group gap="sm">
        <PoolSelect label={t("pool")} placeholder={t("anyPool")} value={pool} onChange={setPool} />
        <Select
          w={220}
          clearable
          label={t("statusName")}
          placeholder={t("anyStatus")}
          data={STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))}
          value={status || null}
          onChange={setStatus}
        />
      </Group>
      <Listing
        caption={t("tabs.refusals")}
        columns={columns}
        query={query}
        rowKey={(row) => row.id}
        empty={<EmptyState title={t("refusalsEmpty")}>{t("refusalsEmptyHint")}</EmptyState>}
      />
    </Stack>
  );
}

function Why({ row }: { row: Pick<Refusal, "status" | "reason"> }) {
  const { t } = useTranslation("redemptions");
  const words = [t(`status.${row.status}`), row.reason ? t(`reason.${row.reason}`) : ""];
  return <Text size="sm">{words.filter(Boolean).join(": ")}</Text>;
}

function Reasons() {
  const { t } = useTranslation("redemptions");
  const [days, setDays] = useState("30");
  const { data, error } = api.useQuery("get", "/v1/redemptions/report", { params: { query: { days: Number(days) } } });
  if (error) return <Failure error={error} />;
  if (!data) return <Skeleton h={120} />;
  if (data.reasons.length === 0) return null;
  return (
    <Paper withBorder p="md">
      <Stack>
        <SimpleGrid cols={2}>
          <Title order={2} size="h4">
            {t("why")}
          </Title>
          <Select
            aria-label={t("period")}
            w={140}
            ml="auto"
            allowDeselect={false}
            data={["1", "7", "30", "90"].map((value) => ({ value, label: t("days", { days: value }) }))}
            value={days}
            onChange={(value) => setDays(value ?? "30")}
          />
        </SimpleGrid>
        <Table.ScrollContainer minWidth={480}>
          <Table aria-label={t("why")} verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t("statusName")}</Table.Th>
                <Table.Th scope="col">{t("pool")}</Table.Th>
                <Table.Th scope="col" ta="right">
                  {t("times")}
                </Table.Th>
                <Table.Th scope="col" ta="right">
                  {t("codes")}
                </Table.Th>
                <Table.Th scope="col">{t("last")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody className="tearoff-numbers">
              {data.reasons.map((row) => (
                <Table.Tr key={`${row.pool} ${row.status} ${row.reason}`}>
                  <Table.Td>
                    <Why row={row} />
                  </Table.Td>
                  <Table.Td>{row.pool ?? "–"}</Table.Td>
                  <Table.Td ta="right">{number(row.refused)}</Table.Td>
                  <Table.Td ta="right">{number(row.codes)}</Table.Td>
                  <Table.Td>
                    <When at={row.lastAt} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Stack>
    </Paper>
  );
}
