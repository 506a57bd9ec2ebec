import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { client, type Schema } from "@/api/client";
import type { Draft } from "./drafts";

/** Over which data a message is shown: a past event, a contact, or an object that somebody pasted. */
export type Sample = { eventId?: number; contactId?: number; data?: Record<string, unknown> };

type Problem = Schema<"Problem">;

const PAUSE_MS = 400;

/** Everything wrong with the draft, as the server says it a moment after the writer pauses. */
export function useProblems(message: string, draft: Draft): Problem[] {
  const [settled] = useDebouncedValue(draft, PAUSE_MS);
  const { data } = useQuery({
    queryKey: ["message-check", message, settled],
    queryFn: async () => {
      const { data } = await client.POST("/v1/messages/{message}/check", {
        params: { path: { message } },
        body: settled,
      });
      return data?.problems ?? [];
    },
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? [];
}

/** The draft as its reader would see it, a moment after the writer pauses. */
export function usePreview(message: string, draft: Draft, language: string, sample: Sample) {
  const asked = useMemo(() => ({ draft, language, sample }), [draft, language, sample]);
  const [settled] = useDebouncedValue(asked, PAUSE_MS);
  return useQuery({
    queryKey: ["message-preview", message, settled],
    queryFn: async () => {
      const { draft, language, sample } = settled;
      const body = { changes: draft, language, ...sample };
      const { data } = await client.POST("/v1/messages/{message}/preview", { params: { path: { message } }, body });
      return data;
    },
    placeholderData: keepPreviousData,
  });
}

/** The sentences about one text of one language. */
export function problemsAt(problems: Problem[], language: string, name: string): string[] {
  const pointer = `/languages/${language}/${name}`;
  return problems.filter((problem) => problem.pointer === pointer).map(({ detail }) => detail);
}
