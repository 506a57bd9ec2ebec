import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";

const COLOURS = { draft: "gray", launched: "teal", archived: "dark" } as const;

/** A pool's state in its colour. */
export function StateBadge({ state }: { state: Schema<"PoolView">["state"] }) {
  const { t } = useTranslation("pools");
  return (
    <Badge color={COLOURS[state]} variant="light" tt="none" miw="max-content">
      {t(`state.${state}`)}
    </Badge>
  );
}
