import { useParams } from "react-router";
import { api, type Schema } from "@/api/client";

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

/** What is in a pool. */
export function useStock(key: string) {
  return api.useQuery("get", "/v1/pools/{pool}/stock", { params: { path: { pool: key } } });
}
