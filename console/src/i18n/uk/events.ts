import type { Translated } from "../catalogue";

export const events: Translated<"events"> = {};
