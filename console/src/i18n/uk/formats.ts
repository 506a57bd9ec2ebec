import { formats as english } from "../en/formats";

export const formats = english;
