const SHOWN = 4;

/** The first parameters of an event in one line. */
export function summaryOf(params: Record<string, unknown>): string {
  return Object.entries(params)
    .slice(0, SHOWN)
    .map(([name, value]) => `${name}: ${value !== null && typeof value === "object" ? "…" : String(value)}`)
    .join(" · ");
}

/** What a person typed as the JSON value that is meant: a number, yes or no, an object, else text. */
export function typedValue(typed: string): unknown {
  const text = typed.trim();
  const isJson = /^(?:true|false|null|-?(?:0|[1-9]\d{0,14})(?:\.\d+)?)$/.test(text) || /^[[{]/.test(text);
  if (!isJson) return typed;
  try {
    return JSON.parse(text);
  } catch {
    return typed;
  }
}
