/** Where an editor draws a block; the server keeps it and never reads it. */
export type Place = { x: number; y: number };

/** A block of a draft, which may be incomplete: its kind, its exits, its parameters by their names. */
export type Block = {
  kind: KindName;
  exits?: Record<string, string>;
  ui?: Partial<Place>;
  [parameter: string]: unknown;
};

/** Blocks by their names. */
export type Blocks = Record<string, Block>;

/** The kinds of blocks, in the order in which a workflow usually has them. */
export const KIND_NAMES = ["start", "getContact", "getPromoCode", "message", "end"] as const;

export type KindName = (typeof KIND_NAMES)[number];

export type ExitName = "next" | "missing" | "found" | "empty";

/** The names of the exits of each kind, the usual one first. */
export const EXITS: Record<KindName, readonly ExitName[]> = {
  start: ["next"],
  getContact: ["next", "missing"],
  getPromoCode: ["found", "empty"],
  message: ["next"],
  end: [],
};

/** The blocks that an answer of the API holds; what is no block of a known kind is left out. */
export function blocksOf(answer: Record<string, unknown>): Blocks {
  const known = Object.entries(answer).filter(([, block]) => KIND_NAMES.includes((block as Block)?.kind));
  return Object.fromEntries(known) as Blocks;
}

/** A parameter as text, for an input. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The blocks to which the exits of a block lead, by the exit. */
export function joined(block: Block): [exit: string, target: string][] {
  return Object.entries(block.exits ?? {}).filter(([, target]) => Boolean(target));
}

/** The names of all blocks from which a path leads to this one. */
export function before(blocks: Blocks, name: string): string[] {
  const found = new Set<string>();
  let ahead = [name];
  while (ahead.length > 0) {
    const reached = Object.keys(blocks).filter(
      (other) => !found.has(other) && joined(blocks[other] as Block).some(([, target]) => ahead.includes(target)),
    );
    for (const other of reached) found.add(other);
    ahead = reached;
  }
  return Object.keys(blocks).filter((other) => found.has(other));
}

/** The event type that starts these blocks; empty while it is not chosen. */
export function eventTypeOf(blocks: Blocks): string {
  return textOf(Object.values(blocks).find(({ kind }) => kind === "start")?.eventType);
}

/** The blocks in the order in which a run may come to them, the start first; those that no path reaches come last. */
export function ordered(blocks: Blocks): [name: string, block: Block][] {
  const names = Object.keys(blocks);
  const seen = new Set(names.filter((name) => blocks[name]?.kind === "start"));
  for (const name of seen)
    for (const exit of EXITS[(blocks[name] as Block).kind]) {
      const target = blocks[name]?.exits?.[exit];
      if (target && target in blocks) seen.add(target);
    }
  return [...new Set([...seen, ...names])].map((name) => [name, blocks[name] as Block]);
}
