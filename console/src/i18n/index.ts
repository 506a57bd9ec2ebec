import i18next, { type BackendModule } from "i18next";
import { useState } from "react";
import { initReactI18next } from "react-i18next";
import { number } from "@/ui/format";

export const LANGUAGES = [
  { code: "en", name: "English" },
  { code: "uk", name: "Українська" },
];

const REMEMBERED = "tearoff.language";
const EVERYWHERE = ["app", "session", "ui"];
const PARTS = import.meta.glob<Record<string, object>>(["./*/*.ts", "!./*/index.ts"]);

/** Loads a part of the catalogue when the first page asks for it, so that no visit loads the strings of all pages. */
const parts: BackendModule = {
  type: "backend",
  init: () => undefined,
  read: async (language, name) => (await PARTS[`./${language}/${name}.ts`]?.())?.[name],
};

function wanted(): string {
  const codes = LANGUAGES.map(({ code }) => code);
  const asked = [localStorage.getItem(REMEMBERED), ...navigator.languages].map((tag) => tag?.slice(0, 2) ?? "");
  return asked.find((code) => codes.includes(code)) ?? "en";
}

/** Ready the strings in the reader's language: the chosen one, else the browser's, else English. */
export async function startLanguage() {
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  await i18next
    .use(parts)
    .use(initReactI18next)
    .init({
      lng: wanted(),
      fallbackLng: false,
      ns: EVERYWHERE,
      defaultNS: "ui",
      interpolation: { escapeValue: false },
    });
  // counts inside sentences look like all other numbers
  i18next.services.formatter?.add("number", (value: number) => number(value));
}

/** The language of the pages, and a way to choose another. */
export function useLanguage(): [string, (language: string) => Promise<void>] {
  const [language, setLanguage] = useState(i18next.language);
  const choose = async (next: string) => {
    localStorage.setItem(REMEMBERED, next);
    await i18next.changeLanguage(next);
    setLanguage(next);
  };
  return [language, choose];
}
