import type { RouteObject } from "react-router";
import { Leaving } from "./Leaving";
import { LEAVING } from "./leave";

export const routes: RouteObject[] = [
  { path: "/sign-in", lazy: () => import("./SignIn") },
  { path: "/password", lazy: () => import("./ChangePassword") },
  { path: "/forgotten", lazy: () => import("./Forgotten") },
  { path: "/new-password", lazy: () => import("./NewPassword") },
  { path: LEAVING, Component: Leaving },
  { path: "/invitation", lazy: () => import("./Invitation") },
];

/** The page of the person, inside the menu. */
export const account: RouteObject[] = [{ path: "account", lazy: () => import("./Account") }];
