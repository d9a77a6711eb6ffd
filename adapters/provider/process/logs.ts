import type { ObjectRef } from "../../../core/kubernetes/meta.ts";
import type { LogOptions } from "../../ports.ts";
import { ProviderError } from "../../provider_error.ts";
import { readInstance } from "./instance.ts";
import { instanceDir, type InstanceKey, type Layout } from "./layout.ts";
import { logStream } from "./log_stream.ts";
import type { News } from "./news.ts";
import { newestInstance } from "./observe.ts";
import { instancesOf, readPodRecord } from "./pod_record.ts";

/** The instance whose log is asked for; the errors are the kubelet's. */
const instanceFor = (layout: Layout, pod: ObjectRef, container: string, previous: boolean): InstanceKey => {
  const record = readPodRecord(layout, pod.uid);
  if (record === undefined) throw new ProviderError("NotFound", `pod "${pod.name}" does not exist`);
  if (!record.containers.includes(container)) {
    throw new ProviderError("NotFound", `container "${container}" not found in pod "${pod.name}"`);
  }
  const newest = newestInstance(layout, pod.uid, container);
  if (!previous) {
    if (newest !== undefined) return newest;
    throw new ProviderError(
      "InvalidInput",
      `container "${container}" in pod "${pod.name}" is waiting to start: ContainerCreating`,
    );
  }
  const restartCount = (newest?.restartCount ?? 0) - 1;
  if (newest === undefined || !instancesOf(layout, pod.uid, container).includes(restartCount)) {
    throw new ProviderError(
      "InvalidInput",
      `previous terminated container "${container}" in pod "${pod.name}" not found`,
    );
  }
  return { ...newest, restartCount };
};

export const openLog = (
  layout: Layout,
  news: News,
  pod: ObjectRef,
  container: string,
  options: LogOptions & { readonly signal: AbortSignal },
): ReadableStream<Uint8Array> => {
  const key = instanceFor(layout, pod, container, options.previous);
  const dir = instanceDir(layout, key);
  const files = news.logOf(key);
  files.look();
  const hasEnded = (): boolean => {
    const { _tag } = readInstance(dir);
    return _tag === "Ended" || _tag === "Unclaimed";
  };
  return logStream(files, options, hasEnded, options.signal);
};
