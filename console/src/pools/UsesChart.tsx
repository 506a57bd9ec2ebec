import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useSession } from "@/session/session";
import { Chart } from "@/ui/Chart";
import { type ChartLook, commonOption } from "@/ui/chartLook";
import { day, number } from "@/ui/format";
import { dailyOf } from "./series";
import { shortDay } from "./shortDay";

/** How many codes were issued and how many were used on each day. */
export function UsesChart({ history }: { history: Schema<"SampleView">[] }) {
  const { t } = useTranslation("pools");
  const { timeZone } = useSession().project;
  const days = useMemo(() => dailyOf(history, timeZone), [history, timeZone]);
  const option = useCallback(
    (look: ChartLook) => {
      const common = commonOption(look);
      return {
        ...common,
        tooltip: { ...common.tooltip, valueFormatter: (value: unknown) => number(Number(value)) },
        xAxis: { ...common.xAxis, type: "category", data: days.map(({ at }) => shortDay(at, timeZone)) },
        yAxis: { ...common.yAxis, type: "value", axisLabel: { ...common.yAxis.axisLabel, formatter: number } },
        series: [
          {
            type: "bar",
            name: t("issued"),
            color: look.series[0],
            barMaxWidth: 24,
            data: days.map((one) => one.issued),
          },
          {
            type: "bar",
            name: t("redeemed"),
            color: look.series[1],
            barMaxWidth: 24,
            data: days.map((one) => one.redeemed),
          },
        ],
      };
    },
    [days, timeZone, t],
  );
  return (
    <Chart
      title={t("usesTitle")}
      option={option}
      head={[t("day"), t("issued"), t("redeemed")]}
      rows={days.map((one) => [day(one.at, timeZone), number(one.issued), number(one.redeemed)])}
    />
  );
}
