import type { Translated } from "../catalogue";

export const redemptions: Translated<"redemptions"> = {};
