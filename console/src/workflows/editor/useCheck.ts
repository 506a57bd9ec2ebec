import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { client, type Schema } from "@/api/client";
import type { Blocks, ExitName } from "../blocks";
import { EXITS } from "../blocks";
import { isParameter } from "../fields/parameterNames";

type Problem = Schema<"Problem">;

const PAUSE_MS = 350;

async function check(workflow: string, blocks: Blocks): Promise<Problem[]> {
  const { data } = await client.POST("/v1/workflows/{workflow}/check", {
    params: { path: { workflow } },
    body: { blocks },
  });
  return data?.problems ?? [];
}

/** What the server says against publishing these blocks, shortly after they change. */
export function useCheck(workflow: string, blocks: Blocks, isAsked: boolean): Problem[] {
  const [asked] = useDebouncedValue(blocks, PAUSE_MS);
  const { data } = useQuery({
    queryKey: ["workflow-check", workflow, asked],
    queryFn: () => check(workflow, asked),
    placeholderData: keepPreviousData,
    enabled: isAsked,
  });
  return data ?? [];
}

/** The block that a problem is about; undefined when it is about the whole. */
export function blockOf({ pointer }: Problem, blocks: Blocks): string | undefined {
  return Object.keys(blocks).find((name) => pointer === `/blocks/${name}` || pointer.startsWith(`/blocks/${name}/`));
}

/** A problem in words, with the parameter or exit that it is about. */
export function useSentence(): (problem: Problem) => string {
  const { t } = useTranslation("workflows");
  return ({ pointer, detail }) => {
    const [, , , parameter = "", exit = ""] = pointer.split("/");
    const isExit = Object.values(EXITS).some((exits) => exits.includes(exit as ExitName));
    if (parameter === "exits" && isExit) {
      const name = t(`exits.${exit as ExitName}`);
      return detail === "This is needed." ? t("problems.exitOpen", { exit: name }) : `${name}: ${detail}`;
    }
    if (!isParameter(parameter)) return detail;
    const label = t(`parameters.${parameter}`);
    return detail === "This is needed." ? t("problems.needed", { parameter: label }) : `${label}: ${detail}`;
  };
}

/** The problems of each block in words. */
export function useProblemsOf(problems: Problem[], blocks: Blocks): Record<string, string[]> {
  const sentence = useSentence();
  const { i18n } = useTranslation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: sentences change with the language only
  return useMemo(() => {
    const found: Record<string, string[]> = {};
    for (const problem of problems) {
      const name = blockOf(problem, blocks);
      if (name) found[name] = [...(found[name] ?? []), sentence(problem)];
    }
    return found;
  }, [problems, blocks, i18n.language]);
}
