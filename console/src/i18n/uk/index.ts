import { app } from "./app";
import { contacts } from "./contacts";
import { events } from "./events";
import { messages } from "./messages";
import { overview } from "./overview";
import { pools } from "./pools";
import { redemptions } from "./redemptions";
import { session } from "./session";
import { settings } from "./settings";
import { sources } from "./sources";
import { tasks } from "./tasks";
import { ui } from "./ui";
import { workflows } from "./workflows";

export const uk = {
  app,
  contacts,
  events,
  messages,
  overview,
  pools,
  redemptions,
  session,
  settings,
  sources,
  tasks,
  ui,
  workflows,
};
