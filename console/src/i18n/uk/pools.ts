import { pools as english } from "../en/pools";

export const pools = english;
