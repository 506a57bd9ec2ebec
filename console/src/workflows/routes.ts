import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [
  { path: "workflows", lazy: () => import("./WorkflowList") },
  { path: "workflows/:workflow", lazy: () => import("./editor/Editor") },
  { path: "workflows/:workflow/runs", lazy: () => import("./runs/WorkflowRuns") },
  { path: "workflows/:workflow/versions", lazy: () => import("./versions/Versions") },
  { path: "runs", lazy: () => import("./runs/AllRuns") },
  { path: "runs/:run", lazy: () => import("./runs/Run") },
];
