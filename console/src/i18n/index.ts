import i18next from "i18next";
import { useState } from "react";
import { initReactI18next } from "react-i18next";
import { en } from "./en";

export const LANGUAGES = [
  { code: "en", name: "English" },
  { code: "uk", name: "Українська" },
];

const REMEMBERED = "tearoff.language";
const CATALOGUES: Record<string, () => Promise<object>> = {
  uk: async () => (await import("./uk")).uk,
};

async function load(language: string) {
  const catalogue = await CATALOGUES[language]?.();
  for (const [name, words] of Object.entries(catalogue ?? {})) i18next.addResourceBundle(language, name, words);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

function wanted(): string {
  const asked = [localStorage.getItem(REMEMBERED), ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return (
    LANGUAGES.find(({ code }) => asked.find((tag) => LANGUAGES.some((one) => one.code === tag)) === code)?.code ?? "en"
  );
}

/** Ready the strings in the reader's language: the chosen one, else the browser's, else English. */
export async function startLanguage() {
  await i18next
    .use(initReactI18next)
    .init({ lng: "en", fallbackLng: "en", resources: { en }, interpolation: { escapeValue: false } });
  await load(wanted());
}

/** The language of the pages, and a way to choose another. */
export function useLanguage(): [string, (language: string) => Promise<void>] {
  const [language, setLanguage] = useState(i18next.language);
  const choose = async (next: string) => {
    localStorage.setItem(REMEMBERED, next);
    await load(next);
    setLanguage(next);
  };
  return [language, choose];
}
