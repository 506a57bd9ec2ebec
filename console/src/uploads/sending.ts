import { changeHeaders, client } from "@/api/client";
import { ApiProblem, problemOf } from "@/api/problems";

const PIECE_BYTES = 4_000_000;
const TRIES_MAX = 6;
const WAIT_MS = 1_000;

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

/** Send a file for a check, in pieces; after a broken connection or a reload it goes on where it stopped. */
export async function sendFile(
  pool: { id: number },
  file: File,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<number> {
  const before = begunIn(pool.id);
  const resumed = before && isSame(before, file) ? await offsetOf(before.id) : null;
  const id = resumed === null || !before ? await begin(pool.id, file) : before.id;
  let offset = resumed ?? 0;
  let tries = 0;
  onProgress(offset);
  while (offset < file.size) {
    try {
      offset = await sendPiece(id, file, offset, signal);
      tries = 0;
    } catch (problem) {
      if (signal.aborted || (problem instanceof ApiProblem && problem.status >= 400 && problem.status < 500))
        throw problem;
      tries += 1;
      if (tries > TRIES_MAX) throw problem;
      await new Promise((wake) => setTimeout(wake, WAIT_MS * tries));
      offset = (await offsetOf(id)) ?? offset;
    }
    remember(pool.id, id, file, offset);
    onProgress(offset);
  }
  forgetBegun(pool.id);
  return id;
}

async function begin(pool: number, file: File): Promise<number> {
  const options = new URLSearchParams({ resumable: "true", dryRun: "true", name: file.name.slice(0, 200) });
  const answer = await fetch(`/v1/pools/${pool}/imports?${options}`, { method: "POST", headers: changeHeaders() });
  if (!answer.ok) throw await problemOf(answer);
  const { id } = (await answer.json()) as { id: number };
  remember(pool, id, file, 0);
  return id;
}

async function sendPiece(id: number, file: File, offset: number, signal: AbortSignal): Promise<number> {
  const end = Math.min(offset + PIECE_BYTES, file.size);
  const headers = {
    ...changeHeaders(),
    "Content-Type": "application/octet-stream",
    "Upload-Offset": String(offset),
    "Upload-Complete": end === file.size ? "?1" : "?0",
  };
  const answer = await fetch(`/v1/imports/${id}`, { method: "PATCH", headers, body: file.slice(offset, end), signal });
  if (!answer.ok) throw await problemOf(answer);
  return end;
}

/** How much of it came; null when the server does not receive it any more. */
async function offsetOf(id: number): Promise<number | null> {
  try {
    const { data } = await client.GET("/v1/imports/{import_id}", { params: { path: { import_id: id } } });
    return data?.state === "receiving" ? data.offset : null;
  } catch (problem) {
    if (problem instanceof ApiProblem && problem.status === 404) return null;
    throw problem;
  }
}

function remember(pool: number, id: number, file: File, offset: number) {
  const begun: Begun = { id, name: file.name, size: file.size, changed: file.lastModified, offset };
  localStorage.setItem(placeOf(pool), JSON.stringify(begun));
}

function placeOf(pool: number): string {
  return `tearoff.upload.${pool}`;
}
