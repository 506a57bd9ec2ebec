import {
  IconAddressBook,
  IconBolt,
  IconCashRegister,
  IconChecklist,
  IconHome,
  IconMail,
  IconPlugConnected,
  IconSettings,
  IconSitemap,
  IconTicket,
} from "@tabler/icons-react";

/** The pages of the menu, in its order: `name` is the word in the catalogue, `also` where their details stand. */
export const PAGES = [
  { to: "/", also: ["/problems"], name: "overview", icon: IconHome },
  { to: "/pools", also: ["/codes", "/formats"], name: "pools", icon: IconTicket },
  { to: "/workflows", also: ["/runs"], name: "workflows", icon: IconSitemap },
  { to: "/messages", also: ["/snippets", "/deliveries"], name: "messages", icon: IconMail },
  { to: "/contacts", also: ["/suppressions"], name: "contacts", icon: IconAddressBook },
  { to: "/events", also: ["/event-types"], name: "events", icon: IconBolt },
  { to: "/sources", also: ["/connectors"], name: "sources", icon: IconPlugConnected },
  { to: "/tasks", also: [], name: "tasks", icon: IconChecklist },
  { to: "/redemptions", also: [], name: "redemptions", icon: IconCashRegister },
  { to: "/settings", also: [], name: "settings", icon: IconSettings },
] as const;

/** Whether the page at `path` is this one of the menu, or stands below it. */
export function isAt(page: (typeof PAGES)[number], path: string): boolean {
  const below: string[] = page.to === "/" ? [...page.also] : [page.to, ...page.also];
  return path === page.to || below.some((start) => path === start || path.startsWith(`${start}/`));
}
