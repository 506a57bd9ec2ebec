import type { Translated } from "../catalogue";

export const messages: Translated<"messages"> = {};
