import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [
  { path: "contacts", lazy: () => import("./ContactList") },
  { path: "suppressions", lazy: () => import("./Suppressions") },
  { path: "contacts/:contact", lazy: () => import("./ContactPage") },
];
