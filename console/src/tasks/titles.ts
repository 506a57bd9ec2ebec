import i18next from "i18next";
import type { Task } from "@/ui/TaskProgress";

export const KINDS = ["import", "check", "generation", "issue", "contacts", "export"] as const;

/** The kind of a task; a check of a file is one of its own. */
export function kindOf(task: Task): (typeof KINDS)[number] | "other" {
  return task.isDryRun ? "check" : (KINDS.find((one) => one === task.kind) ?? "other");
}

/** What a task is called: its number, its kind, and its file or format. */
export function titleOf(task: Task): string {
  const words = [i18next.t("tasks:taskId", { id: task.id }), i18next.t(`tasks:kind.${kindOf(task)}`), task.name];
  return words.filter(Boolean).join(" · ");
}
