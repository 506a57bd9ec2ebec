import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { type Kind, scan } from "./scan";

const MARKS: Record<Kind, Decoration> = {
  comment: Decoration.mark({ class: "tearoff-vtl-comment" }),
  verbatim: Decoration.mark({ class: "tearoff-vtl-verbatim" }),
  directive: Decoration.mark({ class: "tearoff-vtl-directive" }),
  reference: Decoration.mark({ class: "tearoff-vtl-reference" }),
  tag: Decoration.mark({ class: "tearoff-vtl-tag" }),
};

function marksOf(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to, kind } of scan(view.state.doc.toString())) builder.add(from, to, MARKS[kind]);
  return builder.finish();
}

/** Colours what the template engine reads, over whatever language the text around it is in. */
export const velocityHighlight = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = marksOf(view);
    }

    update(update: ViewUpdate) {
      if (update.docChanged) this.decorations = marksOf(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
