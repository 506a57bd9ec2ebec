import { html } from "@codemirror/lang-html";
import { json } from "@codemirror/lang-json";
import { forEachDiagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { Anchor, Input, List, Stack, Text } from "@mantine/core";
import { useId } from "@mantine/hooks";
import CodeMirror from "@uiw/react-codemirror";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { codeTheme } from "./codeTheme";
import { type Names, NO_NAMES, velocityCompletion } from "./velocity/completion";
import { velocityHighlight } from "./velocity/highlight";
import { diagnosticsOf, offsetOf, type Place, placeOf } from "./velocity/places";

type Props = {
  label: string;
  description?: string;
  value: string;
  onChange?: (value: string) => void;
  /** What surrounds the template, or the whole text where it is none. */
  language: "html" | "text" | "json";
  /** Names that the template may read; without them the text is no template. */
  names?: Names;
  /** What the server says is wrong: sentences, those with a place beginning `line 3, column 5:`. */
  problems?: string[];
  minHeight?: string;
  maxHeight?: string;
};

const LANGUAGES: Record<Props["language"], () => Extension> = {
  html: () => html({ autoCloseTags: true }),
  text: () => [],
  json: () => json(),
};

/** An editor for templates and JSON, with the server's problems marked at their line and column. */
export function CodeEditor({ label, description, value, onChange, language, names, problems = [], ...size }: Props) {
  const id = useId();
  const [view, setView] = useState<EditorView | null>(null);
  const known = useRef(names ?? NO_NAMES);
  known.current = names ?? NO_NAMES;
  const isTemplate = names !== undefined;
  const extensions = useMemo(
    () => [
      LANGUAGES[language](),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-labelledby": id }),
      lintGutter(),
      ...(isTemplate ? [velocityHighlight, completionOf(() => known.current)] : []),
      codeTheme,
    ],
    [language, isTemplate, id],
  );
  useMarks(view, problems);
  return (
    <Input.Wrapper label={label} description={description} labelElement="div" labelProps={{ id }}>
      <CodeMirror
        value={value}
        onChange={onChange}
        readOnly={!onChange}
        theme="none"
        indentWithTab={false}
        minHeight={size.minHeight ?? "120px"}
        maxHeight={size.maxHeight ?? "60vh"}
        basicSetup={{ highlightActiveLine: Boolean(onChange), foldGutter: false, searchKeymap: true }}
        extensions={extensions}
        onCreateEditor={setView}
      />
      <Problems sentences={problems} onGo={(place) => view && goTo(view, place)} />
    </Input.Wrapper>
  );
}

function completionOf(names: () => Names): Extension {
  const source = velocityCompletion(names);
  return EditorState.languageData.of(() => [{ autocomplete: source }]);
}

function useMarks(view: EditorView | null, problems: string[]) {
  const text = problems.join("\n");
  useEffect(() => {
    if (!view) return;
    let shown = 0;
    forEachDiagnostic(view.state, () => {
      shown += 1;
    });
    const wanted = diagnosticsOf(view.state.doc, text ? text.split("\n") : []);
    if (shown > 0 || wanted.length > 0) view.dispatch(setDiagnostics(view.state, wanted));
  }, [view, text]);
}

function goTo(view: EditorView, place: Place) {
  view.dispatch({ selection: { anchor: offsetOf(view.state.doc, place) }, scrollIntoView: true });
  view.focus();
}

function Problems({ sentences, onGo }: { sentences: string[]; onGo: (place: Place) => void }) {
  const { t } = useTranslation("ui");
  if (sentences.length === 0) return null;
  return (
    <Stack gap={4} mt={6} role="alert">
      <List size="sm" listStyleType="none" spacing={2}>
        {sentences.map((sentence) => {
          const { place, detail } = placeOf(sentence);
          return (
            <List.Item key={sentence}>
              {place && (
                <Anchor
                  component="button"
                  type="button"
                  size="sm"
                  c="var(--mantine-color-error)"
                  onClick={() => onGo(place)}
                >
                  {t("place", place)}
                </Anchor>
              )}{" "}
              <Text span size="sm" c="var(--mantine-color-error)">
                {detail}
              </Text>
            </List.Item>
          );
        })}
      </List>
    </Stack>
  );
}
