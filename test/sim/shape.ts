import type { OnPingFailure } from "../../core/node/policy.ts";
import type { Millis } from "../../core/time.ts";
import type { Random } from "./random.ts";

/** What a node and its back end are like. */
export interface NodeShape {
  readonly kind: "pods" | "containers";
  /** The back end tells by itself; otherwise it is polled. */
  readonly isWatched: boolean;
  readonly hasPing: boolean;
  readonly canUpdate: boolean;
  /** It tells what it has to offer, and that changes. */
  readonly tellsFacts: boolean;
  readonly listPeriodMs: Millis;
  readonly leaseDurationSeconds: number;
  readonly leaseRenewMs: Millis;
  /** How old the node's heartbeat may become. */
  readonly statusPeriodMs: Millis;
  readonly pingPeriodMs: Millis;
  readonly onPingFailure: OnPingFailure;
  readonly terminalStatus: boolean;
  readonly normalEvents: boolean;
}

/** What a seed's cluster is like, and how long it is mistreated. */
export interface Shape {
  readonly nodes: readonly NodeShape[];
  /** How long the control plane waits for a sign of life. */
  readonly nodeMonitorGraceMs: Millis;
  readonly chaosMs: Millis;
  /** What users do in that time. */
  readonly acts: number;
  /** Pods that are there from the start. */
  readonly crowd: number;
}

/** What every node has to offer, unless its back end tells something else. */
export const nodeCapacity = { cpu: "64", memory: "256Gi", pods: "500" } as const;

const minute: Millis = 60_000;

const times = (count: number, value: number): readonly number[] => Array.from({ length: count }, () => value);

// From the defaults to what large clusters are set to. Peace is long, and nothing but these: what is slow is drawn more often.
const leases: readonly number[] = [40, 100, ...times(2, 200), ...times(4, 400), ...times(8, 600)];
const pings: readonly Millis[] = [10_000, ...times(2, 60_000), ...times(2, 120_000), ...times(3, 300_000)];
const listsAlone: readonly Millis[] = [5_000, ...times(2, 30_000), ...times(3, 60_000), ...times(2, 120_000)];
/** A back end that tells by itself is listed rarely. */
const listsBeside: readonly Millis[] = [120_000, 300_000];

const drawNode = (random: Random, leaseDurationSeconds: number): NodeShape => {
  const isWatched = random.chance(0.5);
  return {
    isWatched,
    kind: random.pick(["pods", "containers"]),
    hasPing: random.chance(0.7),
    canUpdate: random.chance(0.7),
    tellsFacts: random.chance(0.3),
    listPeriodMs: random.pick(isWatched ? listsBeside : listsAlone),
    leaseDurationSeconds,
    // a quarter, as the kubelet
    leaseRenewMs: leaseDurationSeconds * 250,
    statusPeriodMs: random.pick([300_000, 600_000, 900_000]),
    pingPeriodMs: random.pick(pings),
    onPingFailure: random.pick(["notReady", "notReady", "silent", "ignore"]),
    terminalStatus: !random.chance(0.1),
    normalEvents: random.chance(0.1),
  };
};

export const drawShape = (random: Random): Shape => {
  const isCrowded = random.chance(0.03);
  const leaseDurationSeconds = random.pick(leases);
  const count = isCrowded ? 3 : random.pick([1, 1, 1, 2, 3]);
  return {
    nodes: Array.from({ length: count }, () => drawNode(random, leaseDurationSeconds)),
    nodeMonitorGraceMs: leaseDurationSeconds * 1_250,
    chaosMs: random.pick([5, 10, 30]) * minute,
    acts: random.pick([15, 40, 100]),
    crowd: isCrowded ? 150 + random.below(200) : 0,
  };
};
