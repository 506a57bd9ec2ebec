/** What stands between the last open `${` and the caret; null when none is open there. */
export function askedName(text: string, caret: number): string | null {
  const open = text.lastIndexOf("${", caret - 1);
  if (open < 0) return null;
  const typed = text.slice(open + 2, caret);
  return /[{}]/.test(typed) ? null : typed;
}

/** The text with `${name}` at the caret, in place of what was begun there, and where the caret stands after it. */
export function completed(text: string, caret: number, name: string): [text: string, caret: number] {
  const asked = askedName(text, caret);
  const head = asked === null ? text.slice(0, caret) : text.slice(0, caret - asked.length - 2);
  const rest = text.slice(caret).replace(asked === null ? /^$/ : /^[^${}]*\}/, "");
  const whole = `${head}\${${name}}`;
  return [whole + rest, whole.length];
}
