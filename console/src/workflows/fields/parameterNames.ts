/** The parameters of blocks that have a label in the catalogue. */
export const PARAMETER_NAMES = [
  "eventType",
  "filter",
  "contactId",
  "externalCustomerId",
  "email",
  "phone",
  "token",
  "create",
  "type",
  "discount",
  "days",
  "saveToField",
  "holdHours",
  "reissue",
  "reissueDays",
  "message",
  "language",
  "json",
] as const;

export type ParameterName = (typeof PARAMETER_NAMES)[number];

/** Whether a name is that of a parameter with a label. */
export function isParameter(name: string): name is ParameterName {
  return (PARAMETER_NAMES as readonly string[]).includes(name);
}
