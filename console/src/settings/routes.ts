import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [
  { path: "settings", lazy: () => import("./ProjectSettings") },
  { path: "settings/channels", lazy: () => import("./Channels") },
  { path: "settings/fields", lazy: () => import("./Fields") },
  { path: "settings/keys", lazy: () => import("./Keys") },
  { path: "settings/people", lazy: () => import("./People") },
  { path: "settings/notifications", lazy: () => import("./Notifications") },
  { path: "settings/notifications/:subscription", lazy: () => import("./NotificationPage") },
  { path: "settings/audit", lazy: () => import("./Audit") },
];
