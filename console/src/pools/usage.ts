import type { Schema } from "@/api/client";
import type { Pool } from "./pool";

type Span = Schema<"Span">;
type Validity = Schema<"Validity">;

export const UNITS = ["hours", "days", "weeks", "months", "years"] as const;

/** The usage settings of a pool as its form holds them: each choice beside what it needs. */
export type Usage = {
  codeType: Pool["codeType"];
  isIssueChecked: boolean;
  starts: "now" | "after";
  startsAfter: Span;
  ends: "never" | "after" | "at";
  endsAfter: Span;
  endsAt: string | null;
  isEndOfDay: boolean;
  processing: Pool["processing"];
  issueFrom: string | null;
  issueUntil: string | null;
  daysLeftMin: number | "";
  lookup: Pool["lookup"];
  reissue: Pool["reissue"];
  reissueDays: number | "";
  capMax: number | "";
  capPeriod: "ever" | "last" | "present";
  capSpan: Span;
};

/** What the form shows of a pool. */
export function usageOf(pool: Pool): Usage {
  const valid = pool.validFor;
  return {
    codeType: pool.codeType,
    isIssueChecked: pool.isIssueChecked ?? pool.codeType !== "multi",
    starts: valid?.startsAfter ? "after" : "now",
    startsAfter: valid?.startsAfter ?? { amount: 1, unit: "days" },
    ends: valid?.endsAfter ? "after" : valid?.endsAt ? "at" : "never",
    endsAfter: valid?.endsAfter ?? { amount: 30, unit: "days" },
    endsAt: valid?.endsAt ?? null,
    isEndOfDay: valid?.isEndOfDay ?? false,
    processing: pool.processing,
    issueFrom: pool.issueFrom ?? null,
    issueUntil: pool.issueUntil ?? null,
    daysLeftMin: pool.daysLeftMin ?? "",
    lookup: pool.lookup,
    reissue: pool.reissue,
    reissueDays: pool.reissueDays ?? 0,
    capMax: pool.cap?.max ?? "",
    capPeriod: pool.cap?.period ? (pool.cap.isCalendar ? "present" : "last") : "ever",
    capSpan: pool.cap?.period ?? { amount: 1, unit: "months" },
  };
}

/** The change of a pool that the form means. */
export function patchOf(usage: Usage): Schema<"PoolPatch"> {
  const { codeType, isIssueChecked, processing, issueFrom, issueUntil, lookup, reissue } = usage;
  return {
    codeType,
    isIssueChecked: codeType !== "multi" && isIssueChecked,
    validFor: isIssueChecked && codeType !== "multi" ? validityOf(usage) : null,
    processing,
    issueFrom,
    issueUntil,
    daysLeftMin: usage.daysLeftMin === "" ? null : usage.daysLeftMin,
    lookup,
    reissue,
    reissueDays: reissue === "always" || usage.reissueDays === "" ? 0 : usage.reissueDays,
    cap: capOf(usage),
  };
}

function capOf({ capMax, capPeriod, capSpan }: Usage): Schema<"PoolPatch">["cap"] {
  if (capMax === "") return null;
  return { max: capMax, period: capPeriod === "ever" ? null : capSpan, isCalendar: capPeriod === "present" };
}

function validityOf(usage: Usage): Validity | null {
  const startsAfter = usage.starts === "after" ? usage.startsAfter : null;
  const endsAfter = usage.ends === "after" ? usage.endsAfter : null;
  const endsAt = usage.ends === "at" ? usage.endsAt : null;
  if (!startsAfter && !endsAfter && !endsAt) return null;
  return { startsAfter, endsAfter, endsAt, isEndOfDay: endsAfter ? usage.isEndOfDay : false };
}
