const CYRILLIC: Record<string, string> = Object.fromEntries(
  [..."абвгдезийклмнопрстуфыэіґ"].map((letter, n) => [letter, "abvgdezyiklmnoprstufyeig"[n] ?? ""]),
);
const LONG: Record<string, string> = {
  ж: "zh",
  х: "kh",
  ц: "ts",
  ч: "ch",
  ш: "sh",
  щ: "shch",
  ь: "",
  ъ: "",
  ю: "yu",
  я: "ya",
  є: "ye",
  ї: "yi",
  ё: "yo",
};
const LENGTH_MAX = 80;

/** A key made of a name: small Latin letters, digits and dashes; empty when nothing of the name can be kept. */
export function slug(name: string): string {
  const latin = [...name.toLowerCase()].map((letter) => LONG[letter] ?? CYRILLIC[letter] ?? letter).join("");
  const plain = latin.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const key = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  return /^\d+$/.test(key) ? `n${key}` : key.slice(0, LENGTH_MAX);
}
