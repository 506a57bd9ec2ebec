import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";

export type State = Schema<"DeliveryView">["state"];

export const COLOURS: Record<State, string> = {
  waiting: "gray",
  leased: "indigo",
  sent: "teal",
  failed: "red",
  cancelled: "yellow",
};

/** A delivery's state in its colour. */
export function StateBadge({ state }: { state: State }) {
  const { t } = useTranslation("deliveries");
  return (
    <Badge color={COLOURS[state]} variant="light">
      {t(`states.${state}`)}
    </Badge>
  );
}
