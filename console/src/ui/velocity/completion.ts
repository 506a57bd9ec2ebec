import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  type CompletionSource,
  snippetCompletion,
} from "@codemirror/autocomplete";
import { DIRECTIVES, TAGS, TOOLS } from "./tools";

/** A name that templates may read, and where its value comes from, in words. */
export type DataName = { name: string; detail: string };

/** What a writer may name: values of `$data`, the project's snippets, and merge tags beside those about a contact. */
export type Names = { data: DataName[]; snippets: string[]; tags: string[] };

export const NO_NAMES: Names = { data: [], snippets: [], tags: [] };

const VALID = /^[^'"\n()]*$/;
const PLAIN_NAME = /^[A-Za-z_]\w*$/;

function inQuotes(context: CompletionContext, before: RegExp, options: Completion[]): CompletionResult | null {
  const found = context.matchBefore(before);
  if (!found) return null;
  const quote = Math.max(found.text.lastIndexOf("'"), found.text.lastIndexOf('"'));
  return { from: found.from + quote + 1, options, validFor: VALID };
}

function ofTool(context: CompletionContext): CompletionResult | null {
  const found = context.matchBefore(/\$!?\{?\w+\.\w*/);
  const tool = found?.text.match(/(\w+)\.\w*$/)?.[1];
  const methods = tool ? TOOLS[tool] : undefined;
  if (!found || !methods) return null;
  const from = found.from + found.text.lastIndexOf(".") + 1;
  return { from, options: methods.map((label) => ({ label, type: "method" })), validFor: /^\w*$/ };
}

function references(context: CompletionContext, names: Names): CompletionResult | null {
  const found = context.matchBefore(/\$!?\{?\w*/);
  if (!found || (found.text.length < 1 && !context.explicit)) return null;
  const values = names.data.map(({ name, detail }) => ({
    label: `$!data.get('${name}')`,
    detail,
    type: "variable",
    boost: PLAIN_NAME.test(name) ? 1 : 0,
  }));
  const tools = Object.keys(TOOLS).map((name) => ({ label: `$${name}`, apply: `$${name}.`, type: "class" }));
  return { from: found.from, options: [...values, ...tools], filter: true };
}

function directives(context: CompletionContext): CompletionResult | null {
  const found = context.matchBefore(/#\w*/);
  if (!found) return null;
  const options = DIRECTIVES.map(([label, template]) => snippetCompletion(template, { label, type: "keyword" }));
  return { from: found.from, options, validFor: /^#\w*$/ };
}

function tags(context: CompletionContext, names: Names): CompletionResult | null {
  const found = context.matchBefore(/%[A-Za-z_][\w.]*/);
  if (!found) return null;
  const options = [...TAGS, ...names.tags].map((name) => ({ label: `%${name}%`, type: "constant" }));
  return { from: found.from, options, validFor: /^%[\w.]*$/ };
}

/** Completion for templates; `names` is asked each time, so that it may change. */
export function velocityCompletion(names: () => Names): CompletionSource {
  return (context) => {
    const { data, snippets } = names();
    const values = data.map(({ name, detail }) => ({ label: name, detail, type: "variable" }));
    const texts = snippets.map((label) => ({ label, type: "text" }));
    return (
      inQuotes(context, /\$!?\{?data\.get\(\s*['"][^'"\n]*/, values) ??
      inQuotes(context, /#(?:parse|include)\(\s*['"][^'"\n]*/, texts) ??
      ofTool(context) ??
      references(context, names()) ??
      directives(context) ??
      tags(context, names())
    );
  };
}
