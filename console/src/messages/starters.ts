import type { Message, Texts } from "./drafts";

const CODE = "$!data.get('promocode')";
const NAME = "$!data.get('firstName')";

const MAIL = `<!doctype html>
<html>
  <body style="margin:0;background:#f4f5f7;font-family:Arial,sans-serif;color:#1c2733">
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
      <tr>
        <td align="center" style="padding:32px 16px">
          <table role="presentation" width="100%" style="max-width:560px;background:#fff;border-radius:12px" cellpadding="0" cellspacing="0">
            <tr>
              <td style="padding:32px">
                <h1 style="margin:0 0 16px;font-size:24px">GREETING</h1>
                <p style="margin:0 0 24px;font-size:16px;line-height:1.5">SENTENCE</p>
                <p style="margin:0;padding:16px;background:#eef2ff;border-radius:8px;text-align:center;font:bold 22px monospace">${CODE}</p>
              </td>
            </tr>
          </table>
        </td>
      </tr>
    </table>
  </body>
</html>
`;

/** The words of a new message's first texts, in the reader's language. */
export type Words = { subject: string; greeting: string; sentence: string };

/** What a new message says at first: a greeting with the place where the code goes. */
export function starterOf(medium: Message["medium"], { subject, greeting, sentence }: Words): Texts {
  const hello = greeting.replace("NAME", NAME);
  const plain = `${hello}\n\n${sentence} ${CODE}\n`;
  if (medium === "sms") return { text: `${hello} ${sentence} ${CODE}` };
  if (medium === "email") {
    return { subject, html: MAIL.replace("GREETING", hello).replace("SENTENCE", sentence), text: plain };
  }
  return { title: subject, text: `${hello} ${sentence} ${CODE}` };
}
