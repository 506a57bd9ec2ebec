import type { en } from "./en";

type Plurals = `${string}_${"one" | "few" | "many" | "other"}`;

type Strings<Words> = { [Key in keyof Words as Key extends Plurals ? never : Key]: Same<Words[Key]> } & {
  [key: Plurals]: string;
};

type Same<Words> = Words extends string ? string : Strings<Words>;

/** The English catalogue's part of this name in another language; a missing string is a type error. */
export type Translated<Name extends keyof typeof en> = Strings<(typeof en)[Name]>;
