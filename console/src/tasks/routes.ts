import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [
  { path: "tasks", lazy: () => import("./TaskList") },
  { path: "tasks/:task", lazy: () => import("./TaskPage") },
];
