import { codes as english } from "../en/codes";

export const codes = english;
