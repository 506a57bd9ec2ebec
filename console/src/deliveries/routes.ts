import type { RouteObject } from "react-router";

export const routes: RouteObject[] = [{ path: "deliveries", lazy: () => import("./DeliveryList") }];
