import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useSession } from "@/session/session";
import { day, number } from "@/ui/format";

/** When the pool will be empty, in a sentence or two. */
export function ForecastWords({ forecast }: { forecast: Schema<"ForecastView"> }) {
  const { t } = useTranslation("pools");
  const { timeZone } = useSession().project;
  const pace = (perDay: number | null) => number(perDay ?? 0, { maximumFractionDigits: 1 });
  const { perDay, perDayLow, emptyAt, emptyLatestAt, lost } = forecast;
  const sentences = [
    emptyAt && perDay
      ? t("forecastWords", { fast: pace(perDay), day: day(emptyAt, timeZone) })
      : t(perDay === null ? "forecastNone" : "forecastLong"),
    emptyLatestAt && emptyLatestAt !== emptyAt
      ? t("forecastBand", { slow: pace(perDayLow), day: day(emptyLatestAt, timeZone) })
      : null,
    lost > 0 ? t("forecastLost", { count: lost, formatted: number(lost) }) : null,
  ];
  return <Text>{sentences.filter(Boolean).join(" ")}</Text>;
}
