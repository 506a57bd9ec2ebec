import i18next from "i18next";
import { number } from "@/ui/format";
import type { Task } from "@/ui/TaskProgress";
import { failureOf } from "@/uploads/report";

const COUNTS = [
  "rows",
  "added",
  "moved",
  "redated",
  "withdrawn",
  "freed",
  "unchanged",
  "rejected",
  "repeated",
  "knownHere",
  "knownElsewhere",
  "alike",
  "replaced",
  "issued",
  "refused",
] as const;

/** What became of a task that is over, in a line. */
export function summaryOf(task: Task): string {
  if (task.state === "failed") return failureOf(task) ?? i18next.t("ui:taskState.failed");
  const { report } = task;
  const say = (key: "tasks:summary.allGood" | "tasks:summary.generated", count: number) =>
    i18next.t(key, { count, formatted: number(count) });
  if (task.kind === "generation") return say("tasks:summary.generated", task.done);
  const bad = report.rejected ?? report.refused ?? 0;
  const rows = report.rows ?? task.done;
  if (bad === 0) return say("tasks:summary.allGood", rows);
  const numbers = { count: rows, formatted: number(rows), good: number(rows - bad), bad: number(bad) };
  return i18next.t("tasks:summary.some", numbers);
}

/** The counts of a task's report that are worth a line, with their names. */
export function countsOf(task: Task): { name: (typeof COUNTS)[number]; count: number }[] {
  return COUNTS.flatMap((name) => {
    const count = task.report[name];
    const isShown = typeof count === "number" && (count > 0 || name === "rows" || name === "added");
    return isShown ? [{ name, count }] : [];
  });
}
