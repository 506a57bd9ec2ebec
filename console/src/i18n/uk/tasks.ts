import { tasks as english } from "../en/tasks";

export const tasks = english;
