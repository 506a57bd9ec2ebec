import { SegmentedControl, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CodeEditor } from "@/ui/CodeEditor";
import type { Names } from "@/ui/velocity/completion";
import { type Message, type Texts, textOf, withText } from "./drafts";
import { PushData } from "./PushData";

type Props = {
  medium: Message["medium"];
  texts: Texts;
  onChange?: (texts: Texts) => void;
  names: Names;
  problemsOf: (name: string) => string[];
};

const NEEDED: Record<Message["medium"], string[]> = {
  email: ["subject"],
  sms: ["text"],
  mobilepush: ["title", "text"],
  webpush: ["title", "text"],
};

type Line = { name: "subject" | "title" | "sender" | "replyTo" | "link"; isNeeded?: boolean };

const FIRST: Record<Message["medium"], Line[]> = {
  email: [{ name: "subject", isNeeded: true }],
  sms: [],
  mobilepush: [{ name: "title", isNeeded: true }],
  webpush: [{ name: "title", isNeeded: true }],
};
const LAST: Record<Message["medium"], Line[]> = {
  email: [{ name: "sender" }, { name: "replyTo" }],
  sms: [{ name: "sender" }],
  mobilepush: [{ name: "link" }],
  webpush: [{ name: "link" }],
};

/** The texts of one language, each with what the server says about it. */
export function TextFields({ medium, texts, onChange, names, problemsOf }: Props) {
  const { t } = useTranslation("messages");
  const set = (name: string) => (value: unknown) => onChange?.(withText(texts, name, value, NEEDED[medium]));
  const line = ({ name, isNeeded }: Line) => (
    <TextInput
      key={name}
      label={t(`texts.${name}`)}
      required={isNeeded}
      readOnly={!onChange}
      value={textOf(texts, name)}
      onChange={(event) => set(name)(event.currentTarget.value)}
      error={problemsOf(name).join(" ") || null}
      classNames={{ input: "tearoff-code" }}
    />
  );
  return (
    <Stack gap="sm">
      {FIRST[medium].map(line)}
      {medium === "email" ? (
        <Bodies texts={texts} set={set} isReadOnly={!onChange} names={names} problemsOf={problemsOf} />
      ) : (
        <CodeEditor
          label={t("texts.text")}
          language="text"
          value={textOf(texts, "text")}
          onChange={onChange && set("text")}
          names={names}
          problems={problemsOf("text")}
        />
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>{LAST[medium].map(line)}</SimpleGrid>
      {medium.endsWith("push") && <PushData value={texts.data} onChange={onChange && set("data")} />}
    </Stack>
  );
}

type BodiesProps = {
  texts: Texts;
  set: (name: string) => (value: unknown) => void;
  isReadOnly: boolean;
  names: Names;
  problemsOf: (name: string) => string[];
};

function Bodies({ texts, set, isReadOnly, names, problemsOf }: BodiesProps) {
  const { t } = useTranslation("messages");
  const [part, setPart] = useState<"html" | "text">(textOf(texts, "html") || !textOf(texts, "text") ? "html" : "text");
  const count = (name: string) => (problemsOf(name).length > 0 ? ` (${problemsOf(name).length})` : "");
  return (
    <Stack gap="xs">
      <SegmentedControl
        w="fit-content"
        size="xs"
        aria-label={t("part")}
        value={part}
        onChange={(value) => setPart(value as "html" | "text")}
        data={[
          { value: "html", label: t("texts.html") + count("html") },
          { value: "text", label: t("texts.plain") + count("text") },
        ]}
      />
      <CodeEditor
        key={part}
        label={t(part === "html" ? "texts.html" : "texts.plain")}
        language={part}
        value={textOf(texts, part)}
        onChange={isReadOnly ? undefined : set(part)}
        names={names}
        problems={problemsOf(part)}
        minHeight="320px"
      />
    </Stack>
  );
}
