import { redemptions as english } from "../en/redemptions";

export const redemptions = english;
