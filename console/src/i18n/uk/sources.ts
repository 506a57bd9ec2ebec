import type { Translated } from "../catalogue";

export const sources: Translated<"sources"> = {};
