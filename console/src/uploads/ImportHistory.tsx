import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import type { Pool } from "@/pools/pool";
import { useTaskColumns } from "@/tasks/columns";
import { EmptyState } from "@/ui/EmptyState";
import { Listing, useAfter } from "@/ui/Listing";
import { isOver } from "@/ui/TaskProgress";

const LOOK_AGAIN_MS = 3_000;

/** Everything that was loaded into the pool, and what was only checked. */
export function ImportHistory({ pool }: { pool: Pool }) {
  const { t } = useTranslation("uploads");
  const query = api.useQuery(
    "get",
    "/v1/tasks",
    { params: { query: { pool: pool.key, limit: 50, after: useAfter() } } },
    { refetchInterval: ({ state }) => (state.data?.items.some((task) => !isOver(task)) ? LOOK_AGAIN_MS : false) },
  );
  return (
    <Listing
      caption={t("history")}
      columns={useTaskColumns({ hasPool: false })}
      query={query}
      rowKey={(task) => task.id}
      empty={<EmptyState title={t("historyEmpty")}>{t("historyEmptyHint")}</EmptyState>}
    />
  );
}
