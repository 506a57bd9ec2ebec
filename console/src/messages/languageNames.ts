import i18next from "i18next";

/** Languages that are offered first; any other code may be typed. */
export const COMMON = [
  "en",
  "uk",
  "de",
  "fr",
  "es",
  "it",
  "pl",
  "cs",
  "ro",
  "tr",
  "kk",
  "bg",
  "pt",
  "nl",
  "sv",
  "el",
  "hu",
  "ka",
  "lt",
  "lv",
  "et",
  "sk",
  "ru",
];

/** A language in the reader's words, with its code; just the code when it is none. */
export function languageName(code: string): string {
  try {
    const name = new Intl.DisplayNames([i18next.language], { type: "language", fallback: "none" }).of(code);
    return name ? `${name} (${code})` : code;
  } catch {
    return code;
  }
}
