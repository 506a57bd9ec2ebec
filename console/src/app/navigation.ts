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

/** The pages of the menu, in its order; `name` is the word in the catalogue. */
export const PAGES = [
  { to: "/", name: "overview", icon: IconHome },
  { to: "/pools", name: "pools", icon: IconTicket },
  { to: "/workflows", name: "workflows", icon: IconSitemap },
  { to: "/messages", name: "messages", icon: IconMail },
  { to: "/contacts", name: "contacts", icon: IconAddressBook },
  { to: "/events", name: "events", icon: IconBolt },
  { to: "/sources", name: "sources", icon: IconPlugConnected },
  { to: "/tasks", name: "tasks", icon: IconChecklist },
  { to: "/redemptions", name: "redemptions", icon: IconCashRegister },
  { to: "/settings", name: "settings", icon: IconSettings },
] as const;
