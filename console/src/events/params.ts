const SHOWN = 4;
/** The names, in small letters, by which an event says whom it is about. */
const WHOM = new Set(
  "contactid contact_id externalcustomerid email emailaddress useremail contactemail phone sms phonenumber pushtoken mobpushtoken contactkey contact_key".split(
    " ",
  ),
);

/** Whether an event says whom it is about. */
export function isAboutSomebody(params: Record<string, unknown>): boolean {
  return Object.keys(params).some((name) => WHOM.has(name.toLowerCase()));
}

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
