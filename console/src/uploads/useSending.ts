import { useEffect, useRef, useState } from "react";
import type { Pool } from "@/pools/pool";
import { sendFile } from "./sending";

export type Sending = { name: string; sent: number; size: number; isStalled: boolean };

/** Sends one file at a time and says how far it is; who leaves the page stops it, and it can be gone on with. */
export function useSending(pool: Pool, onSent: (check: number) => void) {
  const [sending, setSending] = useState<Sending | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isWrong, setWrong] = useState(false);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const send = async (file: File) => {
    const control = new AbortController();
    running.current = control;
    setWrong(false);
    setError(null);
    setSending({ name: file.name, sent: 0, size: file.size, isStalled: false });
    try {
      const tell = (sent: number, isStalled: boolean) =>
        setSending({ name: file.name, sent, size: file.size, isStalled });
      onSent(await sendFile(pool, file, tell, control.signal));
    } catch (problem) {
      if (!control.signal.aborted) setError(problem);
    } finally {
      setSending(null);
    }
  };
  return {
    sending,
    error,
    isWrong,
    send: (file: File) => void send(file),
    stop: () => running.current?.abort(),
    refuse: () => setWrong(true),
  };
}
