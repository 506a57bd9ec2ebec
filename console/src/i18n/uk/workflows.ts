import type { Translated } from "../catalogue";

export const workflows: Translated<"workflows"> = {};
