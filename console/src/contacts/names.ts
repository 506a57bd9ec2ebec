import type { Schema } from "@/api/client";

export type Contact = Schema<"ContactView">;
export type Field = Schema<"FieldView">;
export type Kind = Schema<"SuppressionBody">["kind"];

/** What addresses there are. */
export const KINDS: Kind[] = ["email", "sms", "mobilepush", "webpush"];

/** A person's name, null when none is known. */
export function personOf({ firstName, lastName }: Contact): string | null {
  return [firstName, lastName].filter(Boolean).join(" ") || null;
}

/** The addresses that people read; tokens of devices say nothing to them. */
export function addressesOf({ locators }: Contact): string[] {
  return locators.filter(({ kind }) => kind === "email" || kind === "sms").map(({ value }) => value);
}

/** How a contact is called in a choice: its name and an address, whichever there is. */
export function nameOf(contact: Contact): string {
  const address = contact.locators[0]?.value ?? contact.externalId ?? "";
  return [personOf(contact), address].filter(Boolean).join(" · ") || `#${contact.id}`;
}
