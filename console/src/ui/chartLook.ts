import { useComputedColorScheme, useMantineTheme } from "@mantine/core";
import { useMemo } from "react";

/** The colours of a chart in the present colours of the pages. */
export type ChartLook = {
  text: string;
  faint: string;
  line: string;
  surface: string;
  series: [string, string, string, string, string];
};

/** The colours that charts take from the theme, light or dark. */
export function useChartLook(): ChartLook {
  const { colors, white } = useMantineTheme();
  const isDark = useComputedColorScheme("light") === "dark";
  return useMemo(() => {
    const shade = isDark ? 4 : 7;
    const series = [colors.indigo, colors.teal, colors.orange, colors.grape, colors.red].map((one) => one[shade]);
    return {
      text: isDark ? colors.dark[0] : colors.gray[7],
      faint: isDark ? colors.dark[2] : colors.gray[6],
      line: isDark ? colors.dark[4] : colors.gray[3],
      surface: isDark ? colors.dark[6] : white,
      series: series as ChartLook["series"],
    };
  }, [colors, white, isDark]);
}

/** What each chart of ours has in common: quiet axes, a legend on top, a tooltip in the page's colours. */
export function commonOption(look: ChartLook) {
  const axis = { axisLine: { lineStyle: { color: look.line } }, axisTick: { show: false } };
  const labels = { axisLabel: { color: look.faint, hideOverlap: true } };
  return {
    animationDuration: 300,
    textStyle: { color: look.text, fontFamily: "inherit" },
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 8, textStyle: { color: look.text } },
    tooltip: {
      trigger: "axis",
      backgroundColor: look.surface,
      borderColor: look.line,
      textStyle: { color: look.text },
    },
    xAxis: { ...axis, ...labels },
    yAxis: { ...labels, splitLine: { lineStyle: { color: look.line } }, minInterval: 1 },
  } as const;
}
