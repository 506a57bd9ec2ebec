import { useMantineTheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { number } from "@/ui/format";

const WIDTH = 96;
const HEIGHT = 24;

/** A row of days as a small line; its numbers are said in words. */
export function Sparkline({ days }: { days: number[] }) {
  const { t } = useTranslation("pools");
  const { primaryColor } = useMantineTheme();
  const most = Math.max(...days, 1);
  const step = WIDTH / Math.max(days.length - 1, 1);
  const points = days.map(
    (count, n) => `${(n * step).toFixed(1)},${(HEIGHT - 2 - (count / most) * (HEIGHT - 4)).toFixed(1)}`,
  );
  const total = days.reduce((sum, count) => sum + count, 0);
  const label = t("trendIs", { total: number(total), most: number(Math.max(...days, 0)) });
  return (
    <svg width={WIDTH} height={HEIGHT} role="img" aria-label={label} style={{ display: "block" }}>
      <title>{label}</title>
      <polyline
        points={points.join(" ")}
        fill="none"
        stroke={total ? `var(--mantine-color-${primaryColor}-filled)` : "var(--mantine-color-default-border)"}
        strokeWidth={1.5}
        strokeLinejoin="round"
      />
    </svg>
  );
}
