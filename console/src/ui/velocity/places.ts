import type { Diagnostic } from "@codemirror/lint";
import type { Text } from "@codemirror/state";

const PLACE = /^line (\d+), column (\d+): /;

export type Place = { line: number; column: number };

/** Where in its text a sentence of the server says that something is wrong, and what. */
export function placeOf(sentence: string): { place: Place | null; detail: string } {
  const found = sentence.match(PLACE);
  if (!found) return { place: null, detail: sentence };
  return { place: { line: Number(found[1]), column: Number(found[2]) }, detail: sentence.slice(found[0].length) };
}

/** The offset of a place in a document, kept within it. */
export function offsetOf(doc: Text, { line, column }: Place): number {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(at.from + Math.max(column, 1) - 1, at.to);
}

/** The server's sentences as marks of an editor: each at its place, as long as the word that stands there. */
export function diagnosticsOf(doc: Text, sentences: string[]): Diagnostic[] {
  return sentences.map((sentence) => {
    const { place, detail } = placeOf(sentence);
    if (!place) return { from: 0, to: 0, severity: "error", message: detail };
    const from = offsetOf(doc, place);
    const rest = doc.lineAt(from).text.slice(from - doc.lineAt(from).from);
    const length = rest.match(/^(?:[$#%]?[!{]*\w+|.)/)?.[0].length ?? 0;
    return { from, to: from + length, severity: "error", message: detail };
  });
}
