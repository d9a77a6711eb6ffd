import type { ContainerState, ContainerTerminated, ObservedContainer } from "../../../core/pod/observed.ts";
import type { ObservedPod } from "../../../core/pod/observed.ts";
import type { ProcessIdentity } from "./identity.ts";
import { type Ended, type InstanceState, readInstance } from "./instance.ts";
import { instanceDir, type InstanceKey, type Layout } from "./layout.ts";
import { instancesOf, readInstanceRecord, readPodRecord } from "./pod_record.ts";

const terminated = (state: Ended): ContainerTerminated => ({
  _tag: "Terminated",
  exitCode: state.exitCode,
  reason: state.reason,
  message: state.message,
  startedAt: state.startedAt,
  finishedAt: state.finishedAt,
});

const containerState = (state: InstanceState): ContainerState => {
  switch (state._tag) {
    case "Unclaimed":
    case "Starting":
      return { _tag: "Waiting", reason: "ContainerCreating" };
    case "Running":
      return { _tag: "Running", startedAt: state.startedAt };
    case "Ended":
      return terminated(state);
  }
};

/** A process id comes back; together with the start time it does not until the machine restarts. */
const idOf = (command: ProcessIdentity | undefined): string | undefined =>
  command === undefined ? undefined : `process://${command.pid}-${command.start}`;

const commandOf = (state: InstanceState): ProcessIdentity | undefined =>
  state._tag === "Running" || state._tag === "Ended" ? state.command : undefined;

/** One instance as its records tell it, with the end of the one before. */
const observeInstance = (layout: Layout, key: InstanceKey): ObservedContainer => {
  const state = readInstance(instanceDir(layout, key));
  const before = key.restartCount === 0
    ? undefined
    : readInstance(instanceDir(layout, { ...key, restartCount: key.restartCount - 1 }));
  return {
    name: key.container,
    state: containerState(state),
    restartCount: key.restartCount,
    last: before?._tag === "Ended" ? terminated(before) : undefined,
    id: idOf(commandOf(state)),
    image: readInstanceRecord(layout, key).image,
  };
};

/** The newest instance of the container that somebody has begun to run. */
export const newestInstance = (layout: Layout, uid: string, container: string): InstanceKey | undefined => {
  for (const restartCount of instancesOf(layout, uid, container)) {
    const key = { uid, container, restartCount };
    if (readInstance(instanceDir(layout, key))._tag !== "Unclaimed") return key;
  }
  return undefined;
};

/** `undefined`: there is no folder of this pod. */
export const observePod = (
  layout: Layout,
  uid: string,
  address: string | undefined,
): ObservedPod | undefined => {
  const record = readPodRecord(layout, uid);
  if (record === undefined) return undefined;
  const containers: ObservedContainer[] = [];
  for (const container of record.containers) {
    const key = newestInstance(layout, uid, container);
    if (key !== undefined) containers.push(observeInstance(layout, key));
  }
  return {
    uid: record.uid,
    namespace: record.namespace,
    name: record.name,
    owner: record.owner,
    containers,
    podIPs: address === undefined ? [] : [address],
    hostIP: address,
  };
};
