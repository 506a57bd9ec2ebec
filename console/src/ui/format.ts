import i18next from "i18next";

/** A number as the reader's language writes it. */
export function number(value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(i18next.language, options).format(value);
}

/** A share between 0 and 1 as a percentage. */
export function percent(share: number): string {
  return number(share, { style: "percent", maximumFractionDigits: 1 });
}

/** A moment in the project's zone; `null` is a dash. */
export function moment(at: string | null | undefined, timeZone: string): string {
  if (!at) return "–";
  return new Intl.DateTimeFormat(i18next.language, { dateStyle: "medium", timeStyle: "short", timeZone }).format(
    new Date(at),
  );
}

/** A day in the project's zone; `null` is a dash. */
export function day(at: string | null | undefined, timeZone: string): string {
  if (!at) return "–";
  return new Intl.DateTimeFormat(i18next.language, { dateStyle: "medium", timeZone }).format(new Date(at));
}

/** Bytes in kB, MB or GB. */
export function bytes(count: number): string {
  const steps = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), steps.length - 1);
  return number(count / 1000 ** step, { style: "unit", unit: steps[step], maximumFractionDigits: 1 });
}

/** What stands between thousands in the reader's language, for inputs. */
export function thousands(): string {
  const parts = new Intl.NumberFormat(i18next.language).formatToParts(1_000_000);
  return parts.find(({ type }) => type === "group")?.value ?? "";
}
