import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { number } from "@/ui/format";
import tones from "@/ui/tones.module.css";

const SOON_DAYS = 7;
const NOTHING = "–";

/** How long the stock of a pool lasts at its present pace; red when that is soon. */
export function DaysLeft({ line }: { line: Pick<Schema<"StockLine">, "daysLeft" | "perDay" | "total"> }) {
  const { t } = useTranslation("pools");
  if (line.total === 0) return <Faint>{NOTHING}</Faint>;
  if (line.perDay === null && line.daysLeft === null) return <Faint>{t("unknownPace")}</Faint>;
  if (line.daysLeft === null) return <Faint>{t("enough")}</Faint>;
  const days = number(line.daysLeft, { maximumFractionDigits: line.daysLeft < 10 ? 1 : 0 });
  const pace = number(line.perDay ?? 0, { maximumFractionDigits: 1 });
  const isSoon = line.daysLeft < SOON_DAYS;
  return (
    <Text
      size="sm"
      span
      fw={isSoon ? 700 : 400}
      className={isSoon ? tones.bad : undefined}
      title={t("daysFew", { days, pace })}
    >
      {days}
    </Text>
  );
}

function Faint({ children }: { children: string }) {
  return (
    <Text size="sm" span c="dimmed" style={{ whiteSpace: "nowrap" }}>
      {children}
    </Text>
  );
}
