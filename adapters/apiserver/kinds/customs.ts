import type { Custom } from "../call.ts";
import { podBinding } from "./binding.ts";
import { podEviction } from "./eviction.ts";

/** What is done to pods, and not written into them. */
export const podCustoms: Readonly<Record<string, Custom>> = {
  "pods/binding": podBinding,
  "pods/eviction": podEviction,
};
