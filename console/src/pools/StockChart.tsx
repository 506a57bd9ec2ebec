import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useSession } from "@/session/session";
import { Chart } from "@/ui/Chart";
import { type ChartLook, commonOption } from "@/ui/chartLook";
import { day, moment, number } from "@/ui/format";
import { dailyOf, runDown } from "./series";
import { shortDay } from "./shortDay";

type Props = {
  history: Schema<"SampleView">[];
  forecast: Schema<"ForecastView">;
  alertBelow: number | null | undefined;
};

const SHORT_MS = 3 * 86_400_000;

/** The stock as it was, and as it will be: a band between the faster and the slower pace. */
export function StockChart({ history, forecast, alertBelow }: Props) {
  const { t } = useTranslation("pools");
  const { timeZone } = useSession().project;
  const ahead = useMemo(() => runDown(forecast, Date.now()), [forecast]);
  const option = useCallback(
    (look: ChartLook) => {
      const common = commonOption(look);
      const [own, , warn] = look.series;
      const isShort = ahead.from - Date.parse(history[0]?.hour ?? "") < SHORT_MS && ahead.fast.length === 0;
      const line = { type: "line", showSymbol: false, smooth: false } as const;
      const band = { ...line, stack: "band", lineStyle: { width: 0 }, tooltip: { show: false }, silent: true };
      return {
        ...common,
        legend: { ...common.legend, data: [t("forecastStock"), t("forecastFast"), t("forecastSlow")] },
        tooltip: { ...common.tooltip, valueFormatter: (value: unknown) => number(Math.round(Number(value))) },
        xAxis: {
          ...common.xAxis,
          type: "time",
          axisLabel: {
            ...common.xAxis.axisLabel,
            formatter: (at: number) => (isShort ? moment : shortDay)(new Date(at).toISOString(), timeZone),
          },
        },
        yAxis: { ...common.yAxis, type: "value", axisLabel: { ...common.yAxis.axisLabel, formatter: number } },
        series: [
          {
            ...line,
            name: t("forecastStock"),
            color: own,
            areaStyle: { opacity: 0.12 },
            data: [...history.map(({ hour, ready }) => [Date.parse(hour), ready]), [ahead.from, forecast.ready]],
            markLine: alertBelow ? thresholdOf(alertBelow, warn, t("alertBelow")) : undefined,
          },
          { ...line, name: t("forecastFast"), color: warn, lineStyle: { type: "dashed" }, data: ahead.fast },
          { ...line, name: t("forecastSlow"), color: look.faint, lineStyle: { type: "dashed" }, data: ahead.slow },
          { ...band, name: "low", data: ahead.fast, areaStyle: { opacity: 0 } },
          { ...band, name: "band", data: ahead.width, color: warn, areaStyle: { opacity: 0.15, color: warn } },
        ],
      };
    },
    [history, forecast, alertBelow, ahead, timeZone, t],
  );
  const past = dailyOf(history, timeZone).map(({ at, ready }) => [day(at, timeZone), number(ready), "", ""]);
  const future = ahead.fast.map(([at, fast], n) => [
    moment(new Date(at).toISOString(), timeZone),
    "",
    number(Math.round(fast)),
    number(Math.round(ahead.slow[n]?.[1] ?? 0)),
  ]);
  return (
    <Chart
      title={t("forecastTitle")}
      option={option}
      head={[t("day"), t("forecastStock"), t("forecastFast"), t("forecastSlow")]}
      rows={[...past, ...future]}
    />
  );
}

function thresholdOf(below: number, color: string, name: string) {
  return {
    silent: true,
    symbol: "none",
    label: { show: true, formatter: name, position: "insideEndTop", color },
    lineStyle: { color, type: "dotted" },
    data: [{ yAxis: below }],
  };
}
