import { field } from "../kinds/fields.ts";
import type { Json, JsonObject } from "../object.ts";
import type { Type } from "../schema/types.ts";
import { putEntry } from "./entry.ts";
import { entryType, itemsByStep, itemStep, ownedAs } from "./typed.ts";

type ListType = Type & { readonly _tag: "List" };

const mergedEntries = (type: Type, live: JsonObject, config: JsonObject): JsonObject => {
  const next: Record<string, Json> = {};
  for (const name of new Set([...Object.keys(live), ...Object.keys(config)])) {
    const value = merged(entryType(type, name), field(live, name), field(config, name));
    if (value !== undefined) putEntry(next, name, value);
  }
  return next;
};

/**
 * The order of a merged list: that of the config for what it has, and what only the live list has stays behind the item
 * that it stood behind.
 */
const mergedOrder = (live: readonly string[], config: readonly string[]): readonly string[] => {
  const places = new Map(config.map((step, index) => [step, index])), inLive = new Set(live);
  const shared = config.filter((step) => inLive.has(step));
  const order: string[] = [];
  let taken = 0, nextShared = 0;
  const takeConfigUntil = (end: number): void => {
    for (; taken < end; taken++) order.push(config[taken] ?? "");
    while ((places.get(shared[nextShared] ?? "") ?? taken) < taken) nextShared++;
  };
  for (const step of live) {
    const place = places.get(step);
    if (place === undefined) order.push(step);
    // what the config has moved is taken where the config has it
    else if (step === shared[nextShared]) takeConfigUntil(place + 1);
  }
  takeConfigUntil(config.length);
  return order;
};

const mergedItems = (type: ListType, live: readonly Json[], config: readonly Json[]): readonly Json[] => {
  const old = itemsByStep(type, live), now = itemsByStep(type, config);
  const withoutKeys = live.filter((item) => itemStep(type, item) === undefined);
  const items = mergedOrder([...old.keys()], [...now.keys()]).flatMap((step) => {
    const was = old.get(step) ?? [], [is] = now.get(step) ?? [];
    if (is === undefined) return was;
    return [merged(type.item, was.length === 1 ? was[0] : undefined, is) ?? null];
  });
  return withoutKeys.length === 0 ? items : [...items, ...withoutKeys];
};

/** The live value with that of a config laid over it, as fields are owned. Neither is changed. */
export const merged = (
  type: Type | undefined,
  live: Json | undefined,
  config: Json | undefined,
): Json | undefined => {
  if (config === undefined || live === config) return live;
  if (live === undefined) return config;
  const old = ownedAs(type, live), now = ownedAs(type, config);
  if (old._tag === "Entries" && now._tag === "Entries") return mergedEntries(now.type, old.value, now.value);
  if (old._tag === "Items" && now._tag === "Items") {
    return old.value.length === 0 ? config : mergedItems(now.type, old.value, now.value);
  }
  return config;
};
