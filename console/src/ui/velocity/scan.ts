/** What a stretch of a template is for its reader; what is none of these is plain text. */
export type Kind = "comment" | "verbatim" | "directive" | "reference" | "tag";

export type Span = { from: number; to: number; kind: Kind };

const ARGUMENTS = String.raw`\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\)`;
const PATH = String.raw`(?:\.[A-Za-z_]\w*(?:${ARGUMENTS})?|\[[^\]\n]*\])*`;
const PARTS = [
  ["comment", String.raw`##[^\n]*|#\*[\s\S]*?(?:\*#|$)`],
  ["verbatim", String.raw`#\[\[[\s\S]*?(?:\]\]#|$)`],
  ["directive", String.raw`#\{?(?:elseif|else|end|set|if|foreach|break|define|evaluate|stop|macro|parse|include)\b\}?`],
  ["directive", String.raw`#@?[A-Za-z_]\w*(?=\()`],
  ["reference", String.raw`\$!?\{[A-Za-z_][^}\n]*\}|\$!?[A-Za-z_]\w*${PATH}`],
  ["tag", String.raw`%[A-Z][A-Za-z0-9_.]*(?:\|[^%\n]*)?%`],
] as const satisfies readonly (readonly [Kind, string])[];
const ANY = new RegExp(String.raw`\\[$#]|${PARTS.map(([, pattern]) => `(${pattern})`).join("|")}`, "g");

/** Every stretch of a template that the template engine reads, in order. */
export function scan(text: string): Span[] {
  const found: Span[] = [];
  for (const match of text.matchAll(ANY)) {
    const part = PARTS.findIndex((_, n) => match[n + 1] !== undefined);
    const kind = PARTS[part]?.[0];
    if (kind) found.push({ from: match.index, to: match.index + match[0].length, kind });
  }
  return found;
}
