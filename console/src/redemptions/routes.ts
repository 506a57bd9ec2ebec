import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [{ path: "redemptions/:tab?", lazy: () => import("./RedemptionsPage") }];
