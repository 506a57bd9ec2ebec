import type { Translated } from "../catalogue";

export const contacts: Translated<"contacts"> = {};
