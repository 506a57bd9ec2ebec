import { client, refusalOf } from "@/api/client";
import { ApiProblem } from "@/api/problems";
import { pageHeaders } from "@/api/standing";

const PIECE_BYTES = 4_000_000;
const TRIES_MAX = 6;
const WAIT_MS = 1_000;
/** Refusals after which the same upload can go on. */
const OF_SESSION = [401, 403];

/** A file that was begun to be sent, as this browser remembers it. */
export type Begun = { id: number; name: string; size: number; changed: number; offset: number };

/** The upload that broke off in this pool, if one did. */
export function begunIn(pool: number): Begun | null {
  const kept = localStorage.getItem(placeOf(pool));
  return kept ? (JSON.parse(kept) as Begun) : null;
}

/** Forget the upload that broke off. */
export function forgetBegun(pool: number) {
  localStorage.removeItem(placeOf(pool));
}

/** Whether this is the very file that was begun. */
export function isSame(begun: Begun, file: File): boolean {
  return begun.name === file.name && begun.size === file.size && begun.changed === file.lastModified;
}

/** Send a file for a check, in pieces; after a broken connection or a reload it goes on where it stopped. `onProgress` is told
 *  how much came, and whether the server does not answer and is tried again. */
export async function sendFile(
  pool: { id: number },
  file: File,
  onProgress: (sent: number, isStalled: boolean) => void,
  signal: AbortSignal,
): Promise<number> {
  const before = begunIn(pool.id);
  const resumed = before && isSame(before, file) ? await offsetOf(before.id) : null;
  const id = resumed === null || !before ? await begin(pool.id, file) : before.id;
  let offset = resumed ?? 0;
  let tries = 0;
  let isWhole = false;
  onProgress(offset, false);
  while (!isWhole) {
    try {
      if (tries > 0) ({ offset, isWhole } = await arrived(id, file));
      if (isWhole) break;
      offset = await sendPiece(id, file, offset, signal);
      isWhole = offset === file.size;
      tries = 0;
    } catch (problem) {
      if (signal.aborted) throw problem;
      if (problem instanceof ApiProblem && problem.status >= 400 && problem.status < 500) {
        if (!OF_SESSION.includes(problem.status)) forgetBegun(pool.id);
        throw problem;
      }
      tries += 1;
      if (tries > TRIES_MAX) throw problem;
      onProgress(offset, true);
      await new Promise((wake) => setTimeout(wake, WAIT_MS * tries));
    }
    remember(pool.id, id, file, offset);
    if (tries === 0) onProgress(offset, false);
  }
  forgetBegun(pool.id);
  return id;
}

async function begin(pool: number, file: File): Promise<number> {
  const options = new URLSearchParams({ resumable: "true", dryRun: "true", name: file.name.slice(0, 200) });
  const answer = await fetch(`/v1/pools/${pool}/imports?${options}`, { method: "POST", headers: pageHeaders("POST") });
  if (!answer.ok) throw await refusalOf(answer);
  const { id } = (await answer.json()) as { id: number };
  remember(pool, id, file, 0);
  return id;
}

async function sendPiece(id: number, file: File, offset: number, signal: AbortSignal): Promise<number> {
  const end = Math.min(offset + PIECE_BYTES, file.size);
  const headers = {
    ...pageHeaders("PATCH"),
    "Content-Type": "application/octet-stream",
    "Upload-Offset": String(offset),
    "Upload-Complete": end === file.size ? "?1" : "?0",
  };
  const answer = await fetch(`/v1/imports/${id}`, { method: "PATCH", headers, body: file.slice(offset, end), signal });
  if (!answer.ok) throw await refusalOf(answer);
  return end;
}

async function stateOf(id: number) {
  const { data } = await client.GET("/v1/imports/{import_id}", { params: { path: { import_id: id } } });
  return data;
}

/** How much of it came; null when the server does not receive it any more. */
async function offsetOf(id: number): Promise<number | null> {
  try {
    const found = await stateOf(id);
    return found?.state === "receiving" ? found.offset : null;
  } catch (problem) {
    if (problem instanceof ApiProblem && problem.status === 404) return null;
    throw problem;
  }
}

/** What came of a piece whose answer was lost; the last one may have been taken. */
async function arrived(id: number, file: File): Promise<{ offset: number; isWhole: boolean }> {
  const found = await stateOf(id);
  const offset = found?.offset ?? 0;
  return { offset, isWhole: found?.state !== "receiving" && offset === file.size };
}

function remember(pool: number, id: number, file: File, offset: number) {
  const begun: Begun = { id, name: file.name, size: file.size, changed: file.lastModified, offset };
  localStorage.setItem(placeOf(pool), JSON.stringify(begun));
}

function placeOf(pool: number): string {
  return `tearoff.upload.${pool}`;
}
