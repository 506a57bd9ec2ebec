import { useState } from "react";
import type { Schema } from "@/api/client";

export type Message = Schema<"MessageView">;

/** The texts of one language by name; those of a push's `data` are a map of their own. */
export type Texts = Record<string, unknown>;

/** What of a message can be changed. */
export type Draft = Pick<Message, "name" | "channel" | "defaultLanguage" | "escapeHtml" | "languages">;

/** What of a message can be changed, as it is kept. */
export function draftOf({ name, channel, defaultLanguage, escapeHtml, languages }: Draft): Draft {
  return { name, channel, defaultLanguage, escapeHtml, languages };
}

/** A text by its name, empty when it is not there. */
export function textOf(texts: Texts | undefined, name: string): string {
  const value = texts?.[name];
  return typeof value === "string" ? value : "";
}

/** The texts with one of them changed; an empty one that nobody needs is left out. */
export function withText(texts: Texts, name: string, value: unknown, needed: string[]): Texts {
  const { [name]: _, ...others } = texts;
  const isEmpty = value === "" || (typeof value === "object" && value && Object.keys(value).length === 0);
  return isEmpty && !needed.includes(name) ? others : { ...others, [name]: value };
}

/** The message as it is being written: the draft, whether it differs from what is kept, and how to change it. */
export function useDraft(message: Message) {
  const kept = draftOf(message);
  const [base, setBase] = useState(kept);
  const [draft, setDraft] = useState(kept);
  if (sorted(base) !== sorted(kept)) {
    setBase(kept);
    // somebody else's change is taken over while nothing is being written here
    if (sorted(draft) === sorted(base)) setDraft(kept);
  }
  return {
    draft,
    isChanged: sorted(draft) !== sorted(kept),
    change: (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })),
    changeTexts: (language: string, texts: Texts) =>
      setDraft((before) => ({ ...before, languages: { ...before.languages, [language]: texts } })),
  };
}

export type Drafting = ReturnType<typeof useDraft>;

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a.localeCompare(b)))
      : inner,
  );
}
