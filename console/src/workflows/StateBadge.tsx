import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";

type Props = { workflow: Pick<Schema<"WorkflowView">, "isActive" | "version"> };

/** Whether events start the workflow now. */
export function StateBadge({ workflow: { isActive, version } }: Props) {
  const { t } = useTranslation("workflows");
  const state = isActive ? "live" : version > 0 ? "stopped" : "draft";
  const colour = { live: "teal", stopped: "yellow", draft: "gray" }[state];
  return (
    <Badge color={colour} variant="light">
      {t(`state.${state}`, { version })}
    </Badge>
  );
}
