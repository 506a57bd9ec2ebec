import { Anchor, Progress, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { DaysLeft } from "@/pools/DaysLeft";
import { EmptyState } from "@/ui/EmptyState";
import { number } from "@/ui/format";
import { type Column, Listing } from "@/ui/Listing";

type Line = Schema<"StockLine">;
type Props = { query: Parameters<typeof Listing<Line>>[0]["query"] };

/** Each pool's stock, with the days that it lasts at the present burn rate. */
export function PoolStock({ query }: Props) {
  const { t } = useTranslation("overview");
  const columns: Column<Line>[] = [
    {
      head: t("pool"),
      cell: (line) => (
        <Anchor component={Link} to={`/pools/${line.key}`}>
          {line.name}
        </Anchor>
      ),
    },
    { head: t("left"), width: "30%", cell: (line) => <Left line={line} /> },
    { head: t("available"), isNumber: true, cell: (line) => number(line.available) },
    { head: t("issued"), isNumber: true, cell: (line) => number(line.issued) },
    { head: t("redeemed"), isNumber: true, cell: (line) => number(line.redeemed) },
    { head: t("daysLeft"), isNumber: true, cell: (line) => <DaysLeft line={line} /> },
  ];
  return (
    <div>
      <Title order={2} size="h4" mb="xs">
        {t("stock")}
      </Title>
      <Listing
        caption={t("stock")}
        columns={columns}
        query={query}
        rowKey={(line) => line.id}
        empty={<EmptyState title={t("noPools")} action={<NewPool />} />}
      />
    </div>
  );
}

function NewPool() {
  const { t } = useTranslation("overview");
  return (
    <Anchor component={Link} to="/pools">
      {t("toPools")}
    </Anchor>
  );
}

function Left({ line }: { line: Line }) {
  const { t } = useTranslation("overview");
  const share = line.total > 0 ? (100 * line.available) / line.total : 0;
  const isLow = line.alertBelow !== null && line.available + line.scheduled < line.alertBelow;
  return <Progress value={share} color={isLow ? "red" : "teal"} aria-label={t("leftOf", { pool: line.name })} />;
}
