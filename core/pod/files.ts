import { hashJson } from "../hash.ts";
import type { FilesVolume, ResolvedVolume } from "../volume/volume.ts";
import { resolveVolumes } from "../volume/resolve.ts";
import type { PodContext } from "./context.ts";
import { because, type PodPlan, wakeBy, withOp } from "./plan.ts";

/** The volumes with files of Kubernetes. */
const filesOf = (
  volumes: Readonly<Record<string, ResolvedVolume>>,
): Readonly<Record<string, FilesVolume>> => {
  const files: Record<string, FilesVolume> = {};
  for (const [name, volume] of Object.entries(volumes)) if (volume._tag === "Files") files[name] = volume;
  return files;
};

/** One version of all the files of a pod; `undefined`: it has none. */
export const filesVersion = (volumes: Readonly<Record<string, ResolvedVolume>>): string | undefined => {
  const versions = Object.entries(filesOf(volumes)).map(([name, { version }]) => [name, version]);
  return versions.length === 0 ? undefined : hashJson(versions);
};

/**
 * Gives a running pod the files that its volumes have by now. A volume of which something is missing keeps what it has, as
 * the kubelet leaves it.
 */
export const withFiles = (context: PodContext, plan: PodPlan): PodPlan => {
  const { pod, observed, policy, given, now, ref } = context;
  const { memory } = plan;
  const isBegun = observed !== undefined && observed.containers.length > 0;
  if (!policy.files || !policy.canUpdateFiles || !isBegun || (pod.spec.volumes ?? []).length === 0) {
    return plan;
  }
  const { volumes, missing } = resolveVolumes(pod, given);
  const version = filesVersion(volumes);
  // until all of it is known again, what is known may not be all that there was
  const isUnknown = missing.some(({ message }) => message === undefined);
  if (version === undefined || version === memory.files || isUnknown || memory.ops.length > 0) return plan;
  if (now.mono < memory.backend.notBefore) return wakeBy(plan, memory.backend.notBefore);
  const action = { _tag: "UpdateFiles", uid: ref.uid, ref, volumes: filesOf(volumes), version } as const;
  const op = { kind: "files", container: undefined, at: now.mono, until: now.mono } as const;
  return because(withOp(plan, action, op), "UpdateFiles");
};
