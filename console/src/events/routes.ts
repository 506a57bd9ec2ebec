import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [
  { path: "events", lazy: () => import("./EventList") },
  { path: "events/:event", lazy: () => import("./EventPage") },
  { path: "event-types", lazy: () => import("./TypeList") },
  { path: "event-types/:type", lazy: () => import("./TypePage") },
];
