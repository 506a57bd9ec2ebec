import { useMantineTheme } from "@mantine/core";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { Chart } from "@/ui/Chart";
import { type ChartLook, commonOption } from "@/ui/chartLook";
import { Failure } from "@/ui/Failure";
import { day, number } from "@/ui/format";
import { COLOURS, type State } from "./StateBadge";

const SHADE = 6;

/** How many messages were written on each of the last thirty days, by what became of them. */
export function StateChart() {
  const { t } = useTranslation("deliveries");
  const { colors } = useMantineTheme();
  const { data, error } = api.useQuery("get", "/v1/stats/deliveries", { params: { query: { bucket: "day" } } });
  const option = useCallback(
    (look: ChartLook) => {
      const common = commonOption(look);
      return {
        ...common,
        xAxis: {
          ...common.xAxis,
          type: "category",
          data: data?.starts.map((at) => day(at, data.timeZone)) ?? [],
        },
        yAxis: { ...common.yAxis, type: "value", axisLabel: { ...common.yAxis.axisLabel, formatter: number } },
        series: (data?.series ?? []).map(({ state, values }) => ({
          type: "bar",
          stack: "all",
          name: t(`states.${state as State}`),
          color: colors[COLOURS[state as State]]?.[SHADE],
          data: values,
        })),
      };
    },
    [data, t, colors],
  );
  if (error) return <Failure error={error} />;
  const series = data?.series ?? [];
  return (
    <Chart
      title={t("chart")}
      option={option}
      head={[t("day"), ...series.map(({ state }) => t(`states.${state as State}`))]}
      rows={(data?.starts ?? []).map((at, index) => [
        day(at, data?.timeZone ?? "UTC"),
        ...series.map(({ values }) => number(values[index] ?? 0)),
      ])}
    />
  );
}
