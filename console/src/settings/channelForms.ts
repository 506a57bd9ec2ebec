import type { Schema } from "@/api/client";

export type Kind = Schema<"ChannelView">["kind"];
export type Medium = Schema<"ChannelView">["medium"];

/** One line of the form of a kind of channel; `name` is that of the setting, or of the secret. */
export type Line = {
  name: string;
  input: "text" | "number" | "secret" | "long" | "choice";
  isRequired?: boolean;
  choices?: string[];
  initial?: string | number;
};

/** What a marketer has to fill in for each kind; the rest of its settings keeps its defaults. */
export const FORMS: Record<Kind, { media: Medium[]; lines: Line[] }> = {
  email: {
    media: ["email"],
    lines: [
      { name: "host", input: "text", isRequired: true },
      { name: "port", input: "number", initial: 587 },
      { name: "tls", input: "choice", choices: ["starttls", "tls", "none"], initial: "starttls" },
      { name: "username", input: "text" },
      { name: "password", input: "secret" },
      { name: "sender", input: "text" },
    ],
  },
  sms_http: {
    media: ["sms"],
    lines: [
      { name: "url", input: "text", isRequired: true },
      { name: "sender", input: "text" },
      { name: "body", input: "long" },
      { name: "token", input: "secret" },
    ],
  },
  fcm: {
    media: ["mobilepush", "webpush"],
    lines: [
      { name: "projectId", input: "text" },
      { name: "serviceAccount", input: "secret", isRequired: true },
    ],
  },
  mailbox: { media: ["email", "sms", "mobilepush", "webpush"], lines: [] },
};

export const KINDS = Object.keys(FORMS) as Kind[];

/** The settings and secrets that the lines of a form make; what was left empty is left out. */
export function partsOf(kind: Kind, values: Record<string, string | number>) {
  const filled = FORMS[kind].lines.filter(({ name }) => values[name] !== undefined && values[name] !== "");
  const pick = (lines: Line[]) => Object.fromEntries(lines.map(({ name }) => [name, values[name]]));
  return {
    settings: pick(filled.filter(({ input }) => input !== "secret")),
    secrets: pick(filled.filter(({ input }) => input === "secret")) as Record<string, string>,
  };
}
