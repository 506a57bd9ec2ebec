import type { Schema } from "@/api/client";
import { slug } from "@/ui/slug";

/** The shape of generated codes, as the API takes it. */
export type Definition = Schema<"FormatDefinition">;

export const DIGITS = "0123456789";
export const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
export const LOWER = "abcdefghijklmnopqrstuvwxyz";
export const ALIKE = "0O1Il";
export const LENGTH_MAX = 20;

/** A shape to begin with: readable, not guessable, named after the pool. */
export function firstDefinition(name: string): Definition {
  return {
    key: slug(name) || "codes",
    name,
    alphabet: DIGITS + UPPER,
    exclude: ALIKE,
    length: 10,
    prefix: "",
    suffix: "",
    marker: "",
    markerAt: null,
    group: 0,
    separator: "-",
    hasCheckDigit: false,
    forbidden: [],
    codesMax: null,
    guessesMin: 1_000_000,
  };
}

/** Whether codes hold this character. */
export function uses(wanted: Definition, letter: string): boolean {
  return wanted.alphabet.includes(letter) && !wanted.exclude.includes(letter);
}

/** The shape with these characters used, or left out. */
export function withLetters(wanted: Definition, letters: string, isUsed: boolean): Definition {
  const left = [...wanted.alphabet].filter((one) => !letters.includes(one)).join("");
  const exclude = [...wanted.exclude].filter((one) => !letters.includes(one)).join("");
  return { ...wanted, alphabet: isUsed ? left + letters : left, exclude };
}
