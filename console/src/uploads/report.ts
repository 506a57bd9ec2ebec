import type { Task } from "@/ui/TaskProgress";

/** A column of a file as it was understood. */
export type FoundColumn = { title: string; field: string; form: string | null };

/** How a file was understood. */
export type FoundFile = {
  format: string;
  encoding: string | null;
  delimiter: string | null;
  columns: FoundColumn[];
  ignoredColumns: string[];
};

const NOTHING: FoundFile = { format: "", encoding: null, delimiter: null, columns: [], ignoredColumns: [] };

/** What an import did, or would do. */
export type ImportReport = {
  rows: number;
  added: number;
  moved: number;
  redated: number;
  withdrawn: number;
  freed: number;
  unchanged: number;
  rejected: number;
  replaced: number;
  file: FoundFile | null;
};

/** The report of an import that is done. */
export function reportOf(task: Task): ImportReport {
  const given = task.report;
  const count = (name: string) => (typeof given[name] === "number" ? (given[name] as number) : 0);
  return {
    rows: count("rows"),
    added: count("added"),
    moved: count("moved"),
    redated: count("redated"),
    withdrawn: count("withdrawn"),
    freed: count("freed"),
    unchanged: count("unchanged"),
    rejected: count("rejected"),
    replaced: count("replaced"),
    file: given.file ? { ...NOTHING, ...(given.file as Partial<FoundFile>) } : null,
  };
}

/** How many codes an import changes that are there already. */
export function changedOf(report: ImportReport): number {
  return report.moved + report.redated + report.withdrawn + report.freed;
}

/** Why a task failed, in the server's words. */
export function failureOf(task: Task): string | null {
  const { problem, error } = task.report as { problem?: unknown; error?: { detail?: unknown } };
  const found = error?.detail ?? problem;
  return typeof found === "string" ? found : null;
}
