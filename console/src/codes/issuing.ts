import { refusalOf, type Schema } from "@/api/client";
import { queries } from "@/api/queries";
import { pageHeaders } from "@/api/standing";

/** To whom codes go, as the form holds it. */
export type Chosen = {
  by: "filter" | "list";
  email: string;
  phone: string;
  firstName: string;
  lastName: string;
  withoutCodeOf: string;
  withCodeOf: string;
  sample: "all" | "count" | "percent";
  sampleValue: number | "";
  saveToField: string;
  list: File | null;
};

export const NOBODY_YET: Chosen = {
  by: "filter",
  email: "",
  phone: "",
  firstName: "",
  lastName: "",
  withoutCodeOf: "",
  withCodeOf: "",
  sample: "all",
  sampleValue: 10,
  saveToField: "",
  list: null,
};

const FILTERS = ["email", "phone", "firstName", "lastName", "withoutCodeOf", "withCodeOf"] as const;

/** Begin the task that issues a code of the pool to each chosen contact. `once` is the header that makes a repeat harmless. */
export async function issueToMany(
  pool: number,
  chosen: Chosen,
  once: Record<string, string>,
): Promise<Schema<"TaskView">> {
  // a list is text and a filter is JSON, so that this request is not in the schema
  const path = `/v1/pools/${pool}/issues`;
  const answer = await (chosen.by === "list" && chosen.list
    ? fetch(path + (chosen.saveToField ? `?saveToField=${encodeURIComponent(chosen.saveToField)}` : ""), {
        method: "POST",
        headers: { ...pageHeaders("POST"), ...once, "Content-Type": "text/csv" },
        body: await chosen.list.text(),
      })
    : fetch(path, {
        method: "POST",
        headers: { ...pageHeaders("POST"), ...once, "Content-Type": "application/json" },
        body: JSON.stringify(bodyOf(chosen)),
      }));
  if (!answer.ok) throw await refusalOf(answer);
  void queries.invalidateQueries();
  return answer.json();
}

function bodyOf(chosen: Chosen) {
  const given = FILTERS.filter((name) => chosen[name].trim()).map((name) => [name, chosen[name].trim()]);
  const isPart = chosen.sample !== "all" && chosen.sampleValue !== "";
  return {
    filter: Object.fromEntries(given),
    ...(isPart ? { sample: { [chosen.sample]: chosen.sampleValue } } : {}),
    ...(chosen.saveToField ? { saveToField: chosen.saveToField } : {}),
  };
}
