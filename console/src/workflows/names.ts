import { useDebouncedValue } from "@mantine/hooks";
import { api } from "@/api/client";
import { type Blocks, before, eventTypeOf, textOf } from "./blocks";

/** Something that `${name}` may stand for: what it is called, who gives it, and what it was the last time. */
export type Name = { name: string; from: string; sample: string };

const EVENTS_READ = 20;
const PAUSE_MS = 300;
const DEPTH_MAX = 3;
const SAMPLE_MAX = 40;
const CONTACT = [
  "contactId",
  "externalCustomerId",
  "firstName",
  "lastName",
  "email",
  "phone",
  "token",
  "languageCode",
  "timeZone",
  "town",
];

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The names in an event's parameters with their values, into objects along dots. */
export function namesIn(params: Record<string, unknown>, head = "", depth = 1): [string, string][] {
  return Object.entries(params).flatMap(([name, value]): [string, string][] => {
    const here: [string, string] = [head + name, textOf(value).slice(0, SAMPLE_MAX)];
    return isObject(value) && depth < DEPTH_MAX ? [here, ...namesIn(value, `${head}${name}.`, depth + 1)] : [here];
  });
}

/** The names that the last events of a type brought; the newest value of each is its sample. */
export function useEventNames(typed: string): Name[] {
  const [eventType] = useDebouncedValue(typed, PAUSE_MS);
  const events = api.useQuery(
    "get",
    "/v1/events",
    { params: { query: { eventType, limit: EVENTS_READ } } },
    { enabled: eventType !== "" },
  );
  const kinds = api.useQuery("get", "/v1/event-types");
  const wanted = kinds.data?.items.find(({ key }) => key === eventType)?.params ?? [];
  const found = new Map<string, string>(wanted.map(({ name }) => [name, ""]));
  for (const event of [...(events.data?.items ?? [])].reverse())
    for (const [name, sample] of namesIn(event.params)) found.set(name, sample);
  return [...found].map(([name, sample]) => ({ name, from: eventType, sample }));
}

/** What a block may refer to: the event's parameters, and what the blocks before it give. */
export function useNames(blocks: Blocks, block: string | undefined): Name[] {
  const fromEvent = useEventNames(eventTypeOf(blocks));
  const pools = api.useQuery("get", "/v1/pools", { params: { query: { limit: 1000 } } }).data?.items ?? [];
  if (block === undefined) return fromEvent;
  const given = before(blocks, block).flatMap((from): Name[] => {
    const { kind, type } = blocks[from] ?? { kind: "end" as const };
    if (kind === "getContact") return CONTACT.map((name) => ({ name, from, sample: "" }));
    if (kind !== "getPromoCode") return [];
    const parameter = pools.find((pool) => pool.type === (textOf(type) || "General"))?.parameter;
    return [...new Set(["promocode", parameter])].flatMap((name) => (name ? [{ name, from, sample: "" }] : []));
  });
  const all = [...fromEvent, ...given];
  return all.filter(({ name }, at) => all.findIndex((other) => other.name === name) === at);
}
