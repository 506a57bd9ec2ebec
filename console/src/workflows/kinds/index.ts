import { type Icon, IconBolt, IconFlagCheck, IconMail, IconTicket, IconUserSearch } from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { KindName } from "../blocks";
import { GetContactForm } from "./GetContactForm";
import { GetPromoCodeForm } from "./GetPromoCodeForm";
import { MessageForm } from "./MessageForm";
import { StartForm } from "./StartForm";

/** What the console knows of a kind of blocks: how it is drawn, what its summary shows, and its form. */
type Kind = {
  icon: Icon;
  colour: string;
  /** Parameters that the drawn block shows, the most telling first. */
  shown: readonly string[];
  form: ComponentType | null;
};

/** One line a kind. */
export const KINDS: Record<KindName, Kind> = {
  start: { icon: IconBolt, colour: "orange", shown: ["eventType", "filter"], form: StartForm },
  getContact: {
    icon: IconUserSearch,
    colour: "cyan",
    shown: ["contactId", "externalCustomerId", "email", "phone", "token"],
    form: GetContactForm,
  },
  getPromoCode: {
    icon: IconTicket,
    colour: "grape",
    shown: ["type", "discount", "days", "saveToField"],
    form: GetPromoCodeForm,
  },
  message: {
    icon: IconMail,
    colour: "indigo",
    shown: ["message", "email", "phone", "token", "contactId", "language"],
    form: MessageForm,
  },
  end: { icon: IconFlagCheck, colour: "gray", shown: [], form: null },
};
