import { uploads as english } from "../en/uploads";

export const uploads = english;
