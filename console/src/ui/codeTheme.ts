import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const two = (light: string, dark: string) => `light-dark(var(--mantine-color-${light}), var(--mantine-color-${dark}))`;

const looks = EditorView.theme({
  "&": {
    fontSize: "var(--mantine-font-size-sm)",
    color: "var(--mantine-color-text)",
    backgroundColor: "var(--mantine-color-body)",
    border: "1px solid var(--mantine-color-default-border)",
    borderRadius: "var(--mantine-radius-default)",
    overflow: "hidden",
    marginTop: "4px",
  },
  "&.cm-focused": { outline: "2px solid var(--mantine-primary-color-filled)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--mantine-color-text)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--mantine-color-text)" },
  ".cm-gutters": {
    backgroundColor: "transparent",
    color: "var(--mantine-color-dimmed)",
    borderRight: "1px solid var(--mantine-color-default-border)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: two("gray-0", "dark-6") },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: two("indigo-1", "indigo-9"),
  },
  ".cm-tooltip, .cm-panels": {
    backgroundColor: "var(--mantine-color-body)",
    color: "var(--mantine-color-text)",
    border: "1px solid var(--mantine-color-default-border)",
    borderRadius: "var(--mantine-radius-sm)",
  },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--mantine-primary-color-filled)",
    color: "var(--mantine-color-white)",
  },
  ".cm-completionDetail": { marginLeft: "1.5em", fontStyle: "normal", opacity: "0.75" },
  ".tearoff-vtl-comment": { color: two("gray-7", "dark-1"), fontStyle: "italic" },
  ".tearoff-vtl-verbatim": { color: two("gray-8", "gray-4") },
  ".tearoff-vtl-directive": { color: two("violet-9", "violet-3"), fontWeight: "600" },
  ".tearoff-vtl-reference": {
    color: two("teal-9", "teal-3"),
    backgroundColor: two("teal-0", "dark-5"),
    borderRadius: "3px",
  },
  ".tearoff-vtl-reference *, .tearoff-vtl-directive *, .tearoff-vtl-tag *, .tearoff-vtl-comment *": {
    color: "inherit",
  },
  ".tearoff-vtl-tag": { color: two("orange-9", "orange-3"), fontWeight: "600" },
});

const words = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: two("indigo-8", "indigo-3") },
  { tag: [tags.attributeName, tags.propertyName], color: two("grape-8", "grape-3") },
  { tag: [tags.attributeValue, tags.string], color: two("teal-9", "green-4") },
  { tag: [tags.number, tags.bool, tags.null], color: two("red-9", "orange-4") },
  { tag: [tags.comment, tags.meta], color: two("gray-7", "dark-1") },
]);

/** The colours of an editor, out of the theme of the pages, light and dark. */
export const codeTheme = [looks, syntaxHighlighting(words)];
