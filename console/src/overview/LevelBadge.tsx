import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";

/** How bad a problem is. */
export function LevelBadge({ level }: { level: Schema<"ProblemView">["level"] }) {
  const { t } = useTranslation("overview");
  return (
    <Badge color={level === "alarm" ? "red" : "yellow"} variant="light" style={{ flexShrink: 0 }}>
      {t(`levels.${level}`)}
    </Badge>
  );
}
