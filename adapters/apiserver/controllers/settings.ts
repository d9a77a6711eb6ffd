import type { Millis } from "../../../core/time.ts";

/** Delays and thresholds of the controllers; the defaults are those of kube-controller-manager 1.36. */
export interface ControlSettings {
  /** How long a node may be silent until it counts as unreachable (`--node-monitor-grace-period`). */
  readonly nodeMonitorGraceMs: Millis;
  /** The same of a node that has not told its condition yet (`--node-startup-grace-period`). */
  readonly nodeStartupGraceMs: Millis;
  /** The share of nodes of a zone that are not ready from which on nobody is evicted there (`--unhealthy-zone-threshold`). */
  readonly unhealthyZoneThreshold: number;
  /** That holds for zones up to this many nodes (`--large-cluster-size-threshold`). */
  readonly largeClusterSize: number;
  /** How long a pod may be bound to a node that does not exist. */
  readonly orphanQuarantineMs: Millis;
  /** How many finished pods are kept (`--terminated-pod-gc-threshold`); 0 or less: all. */
  readonly terminatedPodThreshold: number;
  /** How often finished pods are counted. */
  readonly podGcPeriodMs: Millis;
  /** How often a namespace that waits for its contents says what it waits for. */
  readonly namespacePeriodMs: Millis;
  /** At most as many requests at once, so that whoever carries the server answers others in between. */
  readonly requestsAtOnce: number;
  /** The pause before a controller of which a request was refused looks at everything again; doubled up to the most. */
  readonly retryMs: Millis;
  readonly retryMostMs: Millis;
}

export const defaultControlSettings: ControlSettings = {
  nodeMonitorGraceMs: 50_000,
  nodeStartupGraceMs: 60_000,
  unhealthyZoneThreshold: 0.55,
  largeClusterSize: 50,
  orphanQuarantineMs: 40_000,
  terminatedPodThreshold: 12_500,
  podGcPeriodMs: 20_000,
  namespacePeriodMs: 5_000,
  requestsAtOnce: 200,
  retryMs: 1_000,
  retryMostMs: 60_000,
};
