import { type Fields, textIn } from "../fields.ts";
import { objectKey, type ReferredObject } from "../objects/key.ts";
import { seeObject } from "../objects/objects.ts";
import type { Found } from "../pod/env_source.ts";
import { lookup } from "../table.ts";
import type { ResolvedVolume } from "./volume.ts";
import { orTold, type VolumeWork } from "./work.ts";

const missing = (message: string): Found<never> => ({
  _tag: "Missing",
  message,
  notice: { reason: "FailedMount", message },
});

const find = (
  { given: { objects } }: VolumeWork,
  kind: "PersistentVolumeClaim" | "PersistentVolume",
  namespace: string,
  name: string,
): Found<ReferredObject> => {
  const key = objectKey(kind, namespace, name);
  const seen = seeObject(objects, key, name);
  if (seen._tag === "Present") return { _tag: "Found", value: seen.value };
  const what = `${kind.toLowerCase()} ${JSON.stringify(name)}`;
  if (seen._tag === "Absent") return missing(`${what} not found`);
  const fault = lookup(objects.entries, key)?.fault;
  return fault === undefined
    ? { _tag: "Missing", message: undefined }
    : missing(`failed to read ${what}: ${fault}`);
};

/** The volume that a claim is bound to; until it is bound the pod waits. */
export const claimedVolume = (work: VolumeWork, source: Fields): ResolvedVolume | undefined => {
  const name = textIn(source, "claimName") ?? "";
  const claim = orTold(work, find(work, "PersistentVolumeClaim", work.pod.metadata.namespace ?? "", name));
  if (claim?.kind !== "PersistentVolumeClaim") return undefined;
  if (claim.phase !== "Bound" || claim.volumeName === "") {
    return orTold(work, missing(`persistentvolumeclaim ${JSON.stringify(name)} is not bound`));
  }
  const volume = orTold(work, find(work, "PersistentVolume", "", claim.volumeName));
  return volume?.kind === "PersistentVolume"
    ? { _tag: "PersistentVolume", claim: name, readOnly: source.readOnly === true, volume }
    : undefined;
};
