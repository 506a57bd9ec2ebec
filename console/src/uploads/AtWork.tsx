import { Paper, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { api } from "@/api/client";
import type { Pool } from "@/pools/pool";
import { titleOf } from "@/tasks/titles";
import { isOver, type Task, TaskProgress } from "@/ui/TaskProgress";

const LOOK_AGAIN_MS = 3_000;
const LISTED_MAX = 20;

/** Work on the pool that somebody, perhaps on another screen, has begun; the upload of this page shows its own. */
export function AtWork({ pool }: { pool: Pool }) {
  const { t } = useTranslation(["uploads", "tasks"]);
  const [params] = useSearchParams();
  const { data } = api.useQuery(
    "get",
    "/v1/tasks",
    { params: { query: { pool: pool.key, limit: LISTED_MAX } } },
    { refetchInterval: ({ state }) => (state.data?.items.some(isAtWork) ? LOOK_AGAIN_MS : false) },
  );
  const own = [params.get("task"), params.get("check")];
  const others = data?.items.filter((task) => isAtWork(task) && !own.includes(String(task.id))) ?? [];
  if (others.length === 0) return null;
  return (
    <Paper withBorder p="md" component="section" aria-label={t("atWork")}>
      <Stack>
        {others.map((task) => (
          <TaskProgress key={task.id} id={task.id} label={titleOf(task)} />
        ))}
      </Stack>
    </Paper>
  );
}

function isAtWork(task: Task): boolean {
  return !isOver(task) && task.state !== "receiving" && !task.isDryRun;
}
