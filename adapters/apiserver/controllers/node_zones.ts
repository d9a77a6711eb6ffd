import type { ApiObject } from "../object.ts";
import type { Change } from "../response.ts";
import { isReady, zoneOf } from "./node_facts.ts";
import type { Eviction } from "./node_taints.ts";
import type { ControlSettings } from "./settings.ts";

/** By zone: what may be done to the pods of its nodes that are not ready. */
export type Zones = Readonly<Record<string, Eviction>>;

interface Count {
  readonly ready: number;
  readonly notReady: number;
}

/** How many nodes of each zone are ready. */
export type Counts = Readonly<Record<string, Count>>;

const counted = (counts: Counts, node: ApiObject | undefined, by: 1 | -1): Counts => {
  if (node === undefined) return counts;
  const zone = zoneOf(node), { ready, notReady } = counts[zone] ?? { ready: 0, notReady: 0 };
  const next = isReady(node) ? { ready: ready + by, notReady } : { ready, notReady: notReady + by };
  const { [zone]: _, ...others } = counts;
  return next.ready + next.notReady === 0 ? others : { ...others, [zone]: next };
};

/** The counts after changes; the same ones when no node has become another. */
export const countsAfter = (before: Counts, changes: readonly Change[]): Counts =>
  changes.reduce((counts, { resource, type, object, previous }) => {
    if (resource !== "nodes") return counts;
    const was = type === "DELETED" ? previous ?? object : previous;
    const is = type === "DELETED" ? undefined : object;
    const isSame = was !== undefined && is !== undefined && isReady(was) === isReady(is) &&
      zoneOf(was) === zoneOf(is);
    return isSame ? counts : counted(counted(counts, was, -1), is, 1);
  }, before);

const zoneEviction = ({ ready, notReady }: Count, settings: ControlSettings): Eviction => {
  const size = ready + notReady;
  const isPartial = ready > 0 && notReady > 2 && notReady / size >= settings.unhealthyZoneThreshold;
  return isPartial && size <= settings.largeClusterSize ? "hold" : "evict";
};

/** As the real controller: when no zone has a ready node nobody is evicted. */
export const zonesOf = (counts: Counts, settings: ControlSettings): Zones => {
  const isOutage = Object.values(counts).every(({ ready }) => ready === 0);
  return Object.fromEntries(
    Object.entries(counts).map(([zone, count]) => [zone, isOutage ? "stop" : zoneEviction(count, settings)]),
  );
};

export const evictionIn = (zones: Zones, node: ApiObject): Eviction => zones[zoneOf(node)] ?? "stop";

export const sameZones = (a: Zones, b: Zones): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([zone, eviction]) => b[zone] === eviction);
