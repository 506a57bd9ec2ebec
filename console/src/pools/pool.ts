import { useParams } from "react-router";
import { api, type Schema } from "@/api/client";
import { queries } from "@/api/queries";

export type Pool = Schema<"PoolView">;
export type Stock = Schema<"StockView">;

/** Where the page of a pool is, or one of its tabs. */
export function pathOf(key: string, tab?: string): string {
  return `/pools/${encodeURIComponent(key)}${tab ? `/${tab}` : ""}`;
}

/** The pool that the address names. */
export function usePool() {
  const { pool = "" } = useParams();
  return api.useQuery("get", "/v1/pools/{pool}", { params: { path: { pool } } });
}

/** Show a pool that was just saved under its new ID at once, so that its page need not read it first. */
export function keepPool(pool: Pool) {
  const { queryKey } = api.queryOptions("get", "/v1/pools/{pool}", { params: { path: { pool: pool.key } } });
  queries.setQueryData(queryKey, pool);
}

/** What is in a pool. */
export function useStock(key: string) {
  return api.useQuery("get", "/v1/pools/{pool}/stock", { params: { path: { pool: key } } });
}
