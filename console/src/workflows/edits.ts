import { type Block, type Blocks, EXITS, joined, type KindName, type Place } from "./blocks";

const SHORT: Record<KindName, string> = {
  start: "start",
  getContact: "contact",
  getPromoCode: "code",
  message: "message",
  end: "end",
};

/** A name for a new block that no other has. */
export function freshName(blocks: Blocks, kind: KindName): string {
  const stem = SHORT[kind];
  let name: string = stem;
  for (let n = 2; name in blocks; n += 1) name = `${stem}${n}`;
  return name;
}

/** With a new block at a place, joined to the first free exit of `from`. */
export function added(blocks: Blocks, name: string, kind: KindName, ui: Place, from?: string): Blocks {
  const block: Block = kind === "end" ? { kind, ui } : { kind, exits: {}, ui };
  const wider = { ...blocks, [name]: block };
  const giver = from === undefined ? undefined : blocks[from];
  const exit = giver && EXITS[giver.kind].find((each) => !giver.exits?.[each]);
  return from !== undefined && exit && kind !== "start" ? linked(wider, from, exit, name) : wider;
}

/** With an exit that leads to a block; null takes the connection away. */
export function linked(blocks: Blocks, from: string, exit: string, to: string | null): Blocks {
  const block = blocks[from];
  if (!block) return blocks;
  const { [exit]: _, ...others } = block.exits ?? {};
  return { ...blocks, [from]: { ...block, exits: to === null ? others : { ...others, [exit]: to } } };
}

/** Without these blocks and the connections to them. */
export function without(blocks: Blocks, names: string[]): Blocks {
  const left = Object.entries(blocks).filter(([name]) => !names.includes(name));
  return Object.fromEntries(
    left.map(([name, block]) =>
      block.exits
        ? [name, { ...block, exits: Object.fromEntries(joined(block).filter(([, to]) => !names.includes(to))) }]
        : [name, block],
    ),
  );
}

/** With a parameter of a block set; an empty one is left out. */
export function withParameter(blocks: Blocks, name: string, parameter: string, value: unknown): Blocks {
  const block = blocks[name];
  if (!block) return blocks;
  const { [parameter]: _, ...others } = block;
  const isEmpty = value === undefined || value === null || value === "";
  return { ...blocks, [name]: (isEmpty ? others : { ...others, [parameter]: value }) as Block };
}

/** With another name for a block, in its place and in every exit that leads to it. */
export function renamed(blocks: Blocks, from: string, to: string): Blocks {
  return Object.fromEntries(
    Object.entries(blocks).map(([name, block]) => {
      const exits = joined(block).map(([exit, target]) => [exit, target === from ? to : target]);
      return [name === from ? to : name, block.exits ? { ...block, exits: Object.fromEntries(exits) } : block];
    }),
  );
}

/** With blocks drawn elsewhere. */
export function moved(blocks: Blocks, places: Record<string, Place>): Blocks {
  return Object.fromEntries(
    Object.entries(blocks).map(([name, block]) => {
      const place = places[name];
      return [name, place ? { ...block, ui: { ...block.ui, x: Math.round(place.x), y: Math.round(place.y) } } : block];
    }),
  );
}
