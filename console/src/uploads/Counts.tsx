import { Group, Paper, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { number } from "@/ui/format";
import tones from "@/ui/tones.module.css";
import { changedOf, type ImportReport } from "./report";

/** The rows of a file, each counted once by what becomes of it. */
export function Counts({ report }: { report: ImportReport }) {
  const { t } = useTranslation("uploads");
  const counts = [
    { name: t("rows"), count: report.rows },
    { name: t("willAdd"), count: report.added, tone: tones.good },
    { name: t("willChange"), count: changedOf(report) },
    { name: t("unchanged"), count: report.unchanged },
    { name: t("rejected"), count: report.rejected, tone: tones.bad },
    ...(report.replaced ? [{ name: t("replaced"), count: report.replaced, tone: tones.warn }] : []),
  ];
  return (
    <Group gap="sm">
      {counts.map(({ name, count, tone }) => (
        <Paper key={name} withBorder px="md" py="xs" component="dl" m={0} miw={110}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} fw={650} fz="lg" className={`tearoff-numbers ${count && tone ? tone : ""}`}>
            {number(count)}
          </Text>
        </Paper>
      ))}
    </Group>
  );
}
