import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [
  { path: "contacts", lazy: () => import("./ContactList") },
  { path: "contacts/:contact", lazy: () => import("./ContactPage") },
];
