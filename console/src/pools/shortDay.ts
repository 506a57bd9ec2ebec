import { region } from "@/ui/format";

/** A day for the axis of a chart, without its year. */
export function shortDay(at: string | number, timeZone: string): string {
  const format = new Intl.DateTimeFormat(region(), { day: "numeric", month: "short", timeZone });
  return format.format(new Date(at));
}
