import i18next from "i18next";

/** The reader's language with the region that the browser asks for: 20 Nov in Britain is Nov 20 in America. */
export function region(): string {
  return navigator.languages.find((tag) => tag.split("-")[0] === i18next.language) ?? i18next.language;
}

/** A number as the reader's language writes it. */
export function number(value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(region(), options).format(value);
}

/** A share between 0 and 1 as a percentage. */
export function percent(share: number): string {
  return number(share, { style: "percent", maximumFractionDigits: 1 });
}

/** A moment in the project's zone; `null` is a dash. */
export function moment(at: string | null | undefined, timeZone: string): string {
  if (!at) return "–";
  return new Intl.DateTimeFormat(region(), { dateStyle: "medium", timeStyle: "short", timeZone }).format(new Date(at));
}

/** A day in the project's zone; `null` is a dash. */
export function day(at: string | null | undefined, timeZone: string): string {
  if (!at) return "–";
  return new Intl.DateTimeFormat(region(), { dateStyle: "medium", timeZone }).format(new Date(at));
}

/** Bytes in kB, MB or GB. */
export function bytes(count: number): string {
  const steps = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), steps.length - 1);
  return number(count / 1000 ** step, { style: "unit", unit: steps[step], maximumFractionDigits: 1 });
}

/** What stands between thousands in the reader's language, for inputs. */
export function thousands(): string {
  const parts = new Intl.NumberFormat(region()).formatToParts(1_000_000);
  return parts.find(({ type }) => type === "group")?.value ?? "";
}
