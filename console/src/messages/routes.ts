import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [
  { path: "messages", lazy: () => import("./MessageList") },
  { path: "messages/:message", lazy: () => import("./MessagePage") },
  { path: "snippets", lazy: () => import("./SnippetList") },
  { path: "snippets/:snippet", lazy: () => import("./SnippetPage") },
];
