import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [
  { path: "pools", lazy: () => import("./PoolList") },
  { path: "pools/:pool/:tab?", lazy: () => import("./PoolPage") },
  { path: "codes", lazy: () => import("@/codes/CodeList") },
  { path: "codes/:code", lazy: () => import("@/codes/CodePage") },
];
