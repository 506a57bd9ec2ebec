import type { Translated } from "../catalogue";

export const tasks: Translated<"tasks"> = {};
