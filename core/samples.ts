import { hash32 } from "./hash.ts";
import type { Pod } from "./kubernetes/pod.ts";
import type { PodStatus } from "./kubernetes/pod_status.ts";
import { shareWith } from "./share.ts";

/**
 * For each of a few workloads the pod that was told anew last. The pods of one workload differ in little, so all of them share
 * the parts of one. Bounded: workloads beyond that take each other's place.
 */
export type Samples = readonly (Pod | undefined)[];

const places = 32;

export const noSamples: Samples = Array.from({ length: places }, () => undefined);

/** Where the sample of a pod's workload is: by its owner, or else by its image. */
const placeOf = ({ metadata, spec }: Pod): number =>
  hash32(metadata.ownerReferences?.[0]?.uid ?? spec.containers[0]?.image ?? "") % places;

/** A generation stands for one spec; servers before 1.34 give pods none. */
const isSameSpec = (before: Pod, fresh: Pod): boolean =>
  fresh.metadata.generation !== undefined && fresh.metadata.generation === before.metadata.generation;

/** Its spec and metadata hardly ever change, and its status comes to what was written to it. */
const shareOwn = (before: Pod, written: PodStatus | undefined, sample: Pod | undefined, fresh: Pod): Pod => ({
  metadata: shareWith(before.metadata, fresh.metadata),
  spec: isSameSpec(before, fresh) ? before.spec : shareWith(before.spec, fresh.spec),
  status: shareWith(sample?.status, shareWith(written ?? before.status, fresh.status)),
});

/**
 * The pod with its parts shared: with what was known of it before, or else with its workload's sample, which it becomes.
 * One that is being deleted is as it is: it will not be held for long.
 */
export const shareParts = (
  samples: Samples,
  before: Pod | undefined,
  written: PodStatus | undefined,
  fresh: Pod,
): { readonly samples: Samples; readonly pod: Pod } => {
  if (fresh.metadata.deletionTimestamp !== undefined) return { samples, pod: fresh };
  const place = placeOf(fresh);
  const sample = samples[place];
  const pod = before === undefined ? shareWith(sample, fresh) : shareOwn(before, written, sample, fresh);
  // one that was just created says less than the others: not much to share with
  const isSample = sample === undefined || before !== undefined;
  return { samples: isSample ? samples.with(place, pod) : samples, pod };
};
