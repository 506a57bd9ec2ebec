import type { RouteObject } from "react-router";
import { ChangePassword } from "./ChangePassword";
import { RequireSession } from "./RequireSession";

export const routes: RouteObject[] = [
  {
    path: "/password",
    element: (
      <RequireSession>
        <ChangePassword />
      </RequireSession>
    ),
  },
];
