const GSM =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const GSM_EXTENDED = "^{}\\[~]|€\f";
const ONE = new Set(GSM);
const TWO = new Set(GSM_EXTENDED);

/** How an SMS travels: its alphabet, its length in that alphabet's units, and in how many parts it is billed. */
export type Size = { encoding: "GSM-7" | "UCS-2"; units: number; parts: number; perPart: number; strange: string[] };

/** The size of an SMS (3GPP TS 23.038): one character outside GSM-7 makes all of it UCS-2. */
export function sizeOf(text: string): Size {
  const strange = [...new Set(text)].filter((char) => !ONE.has(char) && !TWO.has(char));
  if (strange.length > 0) return sized("UCS-2", text.length, 70, 67, strange);
  const units = [...text].reduce((sum, char) => sum + (TWO.has(char) ? 2 : 1), 0);
  return sized("GSM-7", units, 160, 153, []);
}

function sized(encoding: Size["encoding"], units: number, alone: number, together: number, strange: string[]): Size {
  const perPart = units <= alone ? alone : together;
  return { encoding, units, parts: Math.max(1, Math.ceil(units / perPart)), perPart, strange };
}
