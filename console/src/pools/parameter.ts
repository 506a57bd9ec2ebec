import { slug } from "@/ui/slug";

/** A name for templates made of a pool's name: Latin letters and digits run together, no digit first. */
export function parameterOf(name: string): string {
  const letters = slug(name).replaceAll("-", "");
  return /^\d/.test(letters) ? `n${letters}` : letters;
}
