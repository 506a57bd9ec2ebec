import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [
  { path: "sources", lazy: () => import("./SourceList") },
  { path: "sources/:source", lazy: () => import("./SourcePage") },
  { path: "connectors", lazy: () => import("./ConnectorList") },
];
