import type { Mark } from "./mark_list.ts";

/** Marks that no seed can hit, each with its reason. */
export const unreachable: Readonly<Partial<Record<Mark, string>>> = {
  "list: of the past": "every list that an agent asks for is a consistent one: it names no resourceVersion",
};
