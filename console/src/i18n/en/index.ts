import { app } from "./app";
import { codes } from "./codes";
import { contacts } from "./contacts";
import { deliveries } from "./deliveries";
import { events } from "./events";
import { formats } from "./formats";
import { messages } from "./messages";
import { overview } from "./overview";
import { pools } from "./pools";
import { redemptions } from "./redemptions";
import { session } from "./session";
import { settings } from "./settings";
import { sources } from "./sources";
import { tasks } from "./tasks";
import { ui } from "./ui";
import { uploads } from "./uploads";
import { workflows } from "./workflows";

export const en = {
  app,
  codes,
  contacts,
  deliveries,
  events,
  formats,
  messages,
  overview,
  pools,
  redemptions,
  session,
  settings,
  sources,
  tasks,
  ui,
  uploads,
  workflows,
};
