import { client, type Schema } from "@/api/client";
import { ApiProblem } from "@/api/problems";

const CODES = Array.from({ length: 100 }, (_, number) => `BIRTHDAY-${1000 + number}`);

const HTML = `<h1>Happy birthday, $!{data.get('firstName')}!</h1>
<p>Your code for 10 % off: <strong>$!data.get('promocode')</strong></p>`;

const MESSAGE = {
  key: "birthday-mail",
  name: "Birthday mail",
  medium: "email" as const,
  channel: "test-mailbox",
  defaultLanguage: "en",
  escapeHtml: true,
  languages: {
    en: {
      subject: "Happy birthday, $!{data.get('firstName')}!",
      sender: "Corner Shop <shop@example.test>",
      html: HTML,
    },
  },
};

const WORKFLOW = {
  key: "birthday",
  name: "Birthday",
  blocks: {
    start: { kind: "start", eventType: "birthday", exits: { next: "contact" } },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the workflow fills these in, not this script
    contact: { kind: "getContact", email: "${EmailAddress}", create: true, exits: { next: "code" } },
    code: { kind: "getPromoCode", type: "birthday", saveToField: "PROMOCODE", exits: { found: "mail" } },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the workflow fills these in, not this script
    mail: { kind: "message", message: "birthday-mail", email: "${EmailAddress}", exits: { next: "end" } },
    end: { kind: "end" },
  },
};

/** What is there already, from an earlier try that broke off, stays as it is. */
async function once(make: Promise<unknown>) {
  try {
    await make;
  } catch (problem) {
    if (!(problem instanceof ApiProblem) || problem.status !== 409) throw problem;
  }
}

/** Fill the project with the birthday example: a pool of 100 codes, a mail, and the workflow that sends it. */
export async function fillExample() {
  const description = "One code for each birthday; 10 % off.";
  const pool = { key: "birthday", type: "birthday", name: "Birthday codes", description, alertBelow: 20 };
  await once(client.POST("/v1/fields", { body: FIELD }));
  await once(client.POST("/v1/pools", { body: { ...pool, state: "launched" } as Schema<"NewPool"> }));
  await once(
    client.POST("/v1/pools/{pool}/imports", {
      params: { path: { pool: "birthday" } },
      body: { text: CODES.join("\n") },
    }),
  );
  await once(client.POST("/v1/channels", { body: { key: "test-mailbox", kind: "mailbox", medium: "email" } }));
  await once(client.POST("/v1/messages", { body: MESSAGE }));
  await once(client.POST("/v1/workflows", { body: WORKFLOW }));
  await client.POST("/v1/workflows/{workflow}/publish", { params: { path: { workflow: "birthday" } } });
}

const FIELD = {
  key: "PROMOCODE",
  name: "Promo code",
  section: "PERSONAL",
  type: "TEXTFIELD" as const,
  isRequired: false,
  isReadOnly: false,
  allowed: [],
};
