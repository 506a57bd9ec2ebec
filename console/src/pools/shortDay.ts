import i18next from "i18next";

/** A day for the axis of a chart, without its year. */
export function shortDay(at: string | number, timeZone: string): string {
  const format = new Intl.DateTimeFormat(i18next.language, { day: "numeric", month: "short", timeZone });
  return format.format(new Date(at));
}
