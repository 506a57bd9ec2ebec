import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [
  { index: true, lazy: () => import("./Overview") },
  { path: "problems", lazy: () => import("./Problems") },
];
