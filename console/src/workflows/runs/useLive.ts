import { api } from "@/api/client";

/** How many runs of a workflow are on their way. */
export function useLive(workflow: string): number {
  const { data } = api.useQuery("get", "/v1/workflows/{workflow}/counts", { params: { path: { workflow } } });
  return Object.values(data?.live ?? {}).reduce((all, runs) => all + runs, 0);
}
