import type { Translated } from "../catalogue";

export const overview: Translated<"overview"> = {};
