const PARTS = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;

/** What the clock on the wall shows in a zone, as `2026-11-20T18:00`. */
export function wallOf(at: string | Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", { ...PARTS, timeZone, hourCycle: "h23" });
  const part = Object.fromEntries(format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/** The day in a zone, as `2026-11-20`. */
export function dayOf(at: string | Date, timeZone: string): string {
  return wallOf(at, timeZone).slice(0, 10);
}

/** The instant at which the clock on the wall of a zone shows `wall`, in ISO. */
export function instantOf(wall: string, timeZone: string): string {
  const guess = Date.parse(`${wall}Z`);
  // twice, because the first step may cross a change of the clocks
  let at = guess;
  for (let turn = 0; turn < 2; turn += 1) at += guess - Date.parse(`${wallOf(new Date(at), timeZone)}Z`);
  return new Date(at).toISOString();
}
