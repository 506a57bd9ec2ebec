import { textOf } from "../blocks";

/** How a parameter may be compared, as the API names it. */
export const COMPARISONS = [
  "equals",
  "notEquals",
  "isSet",
  "isEmpty",
  "contains",
  "notContains",
  "startsWith",
  "notStartsWith",
  "endsWith",
  "notEndsWith",
  "oneOf",
  "notOneOf",
] as const;

type Comparison = (typeof COMPARISONS)[number];

export type Condition = { param: string; is: Comparison; value: string };

export type Filter = { all: Condition[]; any: Condition[] };

/** Whether a comparison needs no value. */
export function isUnary(comparison: Comparison): boolean {
  return comparison === "isSet" || comparison === "isEmpty";
}

function conditionOf(stored: Record<string, unknown>): Condition {
  const value = Array.isArray(stored.value) ? stored.value.map(textOf).join(", ") : textOf(stored.value);
  return { param: textOf(stored.param), is: stored.is as Comparison, value };
}

/** A block's filter, for the form: values are text, lists are written with commas. */
export function filterOf(stored: unknown): Filter {
  const { all = [], any = [] } = (stored ?? {}) as Record<keyof Filter, Record<string, unknown>[] | undefined>;
  return { all: all.map(conditionOf), any: any.map(conditionOf) };
}

/** The filter as a block keeps it: without what says nothing. */
export function withoutEmpty(filter: Filter): object | undefined {
  const group = (conditions: Condition[]) =>
    conditions.map(({ value, ...rest }) => (isUnary(rest.is) ? rest : { ...rest, value }));
  const kept = {
    ...(filter.all.length > 0 ? { all: group(filter.all) } : {}),
    ...(filter.any.length > 0 ? { any: group(filter.any) } : {}),
  };
  return Object.keys(kept).length > 0 ? kept : undefined;
}

/** A filter in a few words, for a summary. */
export function filterText(stored: unknown, word: (comparison: Comparison) => string): string {
  const { all, any } = filterOf(stored);
  const text = ({ param, is, value }: Condition) => [param, word(is), isUnary(is) ? "" : value].join(" ").trim();
  return [...all.map(text), ...(any.length > 0 ? [any.map(text).join(" / ")] : [])].join(" · ");
}
