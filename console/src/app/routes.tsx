import { createBrowserRouter } from "react-router";
import { routes as contacts } from "@/contacts/routes";
import { routes as deliveries } from "@/deliveries/routes";
import { routes as events } from "@/events/routes";
import { routes as messages } from "@/messages/routes";
import { routes as overview } from "@/overview/routes";
import { routes as pools } from "@/pools/routes";
import { routes as redemptions } from "@/redemptions/routes";
import { RequireSession } from "@/session/RequireSession";
import { account, routes as session } from "@/session/routes";
import { routes as settings } from "@/settings/routes";
import { routes as sources } from "@/sources/routes";
import { routes as tasks } from "@/tasks/routes";
import { routes as workflows } from "@/workflows/routes";
import { Broken, NotFound } from "./NotFound";
import { Shell } from "./Shell";

/** The way through the pages: one line a page, loaded when it is first opened. It begins at once at the address of the window. */
export function openRouter() {
  return createBrowserRouter([
    ...session.map((page) => ({ ...page, hydrateFallbackElement: <div /> })),
    {
      path: "/",
      element: (
        <RequireSession>
          <Shell />
        </RequireSession>
      ),
      errorElement: <Broken />,
      hydrateFallbackElement: <div />,
      children: [
        {
          errorElement: <Broken />,
          children: [
            ...overview,
            ...pools,
            ...workflows,
            ...messages,
            ...contacts,
            ...deliveries,
            ...events,
            ...sources,
            ...tasks,
            ...redemptions,
            ...settings,
            ...account,
            { path: "*", element: <NotFound /> },
          ],
        },
      ],
    },
  ]);
}
