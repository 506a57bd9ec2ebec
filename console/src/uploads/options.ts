import { useForm } from "@mantine/form";

/** How a file is read and what it may do, as the form holds it. */
export type Options = {
  delimiter: string;
  encoding: string;
  existing: "update" | "refuse";
  elsewhere: "refuse" | "move";
  replace: boolean;
  discount: number | "";
  expiresAt: string | null;
};

export const FIRST: Options = {
  delimiter: "",
  encoding: "",
  existing: "update",
  elsewhere: "refuse",
  replace: false,
  discount: "",
  expiresAt: null,
};

/** The form of the choices with which a file was checked; this tab remembers them over a reload. `isKnown`: it was this tab that asked
 *  for the check, so that an import with them does what the check says. */
export function useOptions(check: number) {
  const kept = sessionStorage.getItem(placeOf(check));
  const form = useForm<Options>({ initialValues: kept ? (JSON.parse(kept) as Options) : FIRST });
  return { form, isKnown: kept !== null };
}

/** Remember with which choices a check was made. */
export function keepOptions(check: number, options: Options) {
  sessionStorage.setItem(placeOf(check), JSON.stringify(options));
}

/** The choices as the API takes them; what is left open is recognised or not stated. */
export function bodyOf(options: Options): Record<string, string | number | boolean> {
  const given = Object.entries(options).filter(([, value]) => value !== "" && value !== null && value !== false);
  return Object.fromEntries(given) as Record<string, string | number | boolean>;
}

function placeOf(check: number): string {
  return `tearoff.check.${check}`;
}
