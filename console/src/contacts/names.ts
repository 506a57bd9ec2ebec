import type { Schema } from "@/api/client";

export type Contact = Schema<"ContactView">;

/** How a contact is called in lists: its name and an address, whichever there is. */
export function nameOf({ firstName, lastName, locators, externalId, id }: Contact): string {
  const name = [firstName, lastName].filter(Boolean).join(" ");
  const address = locators[0]?.value ?? externalId ?? "";
  return [name, address].filter(Boolean).join(" · ") || `#${id}`;
}
