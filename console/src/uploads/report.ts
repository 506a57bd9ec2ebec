import type { Schema } from "@/api/client";
import type { Task } from "@/ui/TaskProgress";

/** A column of a file as it was understood. */
export type FoundColumn = Schema<"FoundColumn">;

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
  return {
    rows: given.rows ?? 0,
    added: given.added ?? 0,
    moved: given.moved ?? 0,
    redated: given.redated ?? 0,
    withdrawn: given.withdrawn ?? 0,
    freed: given.freed ?? 0,
    unchanged: given.unchanged ?? 0,
    rejected: given.rejected ?? 0,
    replaced: given.replaced ?? 0,
    file: given.file ? { ...NOTHING, ...given.file } : null,
  };
}

/** How many codes an import changes that are there already. */
export function changedOf(report: ImportReport): number {
  return report.moved + report.redated + report.withdrawn + report.freed;
}

/** Why a task failed, in the server's words. */
export function failureOf(task: Task): string | null {
  const { problem, error } = task.report;
  return error?.detail ?? problem ?? null;
}
