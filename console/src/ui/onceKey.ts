import { useState } from "react";
import { ApiProblem } from "@/api/problems";

const BYTES = 16;
const UNKNOWN_FROM = 500;

/** A key that nobody else makes, also where the console is not served over HTTPS and `randomUUID` is missing. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return `console:${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Whether it is not known what became of a request: it may have been done although no answer came. */
function isUnknown(error: unknown): boolean {
  return !(error instanceof ApiProblem) || error.status === 0 || error.status >= UNKNOWN_FROM;
}

/** A key under which the server does something once. It stays while an outcome is unknown, so that trying again does not do it twice. */
export function useOnceKey() {
  const [key, setKey] = useState(freshKey);
  return {
    key,
    header: { "Idempotency-Key": key },
    /** Tell what came of it: without an error, or with a refusal, the next one is another one. */
    settle: (error?: unknown) => {
      if (error === undefined || error === null || !isUnknown(error)) setKey(freshKey());
    },
  };
}
