import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { countsOf, UNMARKED } from "../marks";
import { useDraft } from "./draft";

const AGAIN_MS = 10_000;

/** How many runs of the live version went along each connection, drawn on the canvas while it is turned on. */
export function useCounts(): { isOn: boolean; turn: (on: boolean) => void; sentence: string | null } {
  const { t } = useTranslation("workflows");
  const { workflow, setMarks } = useDraft();
  const [isOn, setOn] = useState(false);
  const { data } = api.useQuery(
    "get",
    "/v1/workflows/{workflow}/counts",
    { params: { path: { workflow: workflow.key }, query: { version: workflow.version } } },
    { enabled: isOn, refetchInterval: AGAIN_MS },
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn when the answer comes, not when the editor draws itself
  useEffect(() => {
    if (isOn && data) setMarks({ ...UNMARKED, labels: countsOf(data.blocks) });
  }, [isOn, data]);
  const turn = (on: boolean) => {
    setOn(on);
    if (!on) setMarks(UNMARKED);
  };
  const sentence =
    isOn && data
      ? t(data.isComplete ? "counts.all" : "counts.newest", { count: data.runs, version: workflow.version })
      : null;
  return { isOn, turn, sentence };
}
