import { entryOf, type Folded, nothing, putDesired } from "./folded.ts";
import type { Uid } from "./kubernetes/meta.ts";
import { type ObjectKey, partsOfKey } from "./objects/key.ts";
import { fileKeys } from "./objects/references.ts";
import type { Objects } from "./objects/objects.ts";
import { waitsForObjects } from "./pod/wait.ts";
import type { PodEntry, State } from "./state.ts";
import { lookup, valuesOf } from "./table.ts";

/** It has the key in a file: it is given the new one. */
const hasInFile = ({ policy }: State, { desired }: PodEntry, key: ObjectKey): boolean =>
  policy.pod.files && desired._tag === "Present" && fileKeys(desired.value).includes(key);

/** The pods that wait for something of the key, or have it in a file: all others keep what they were given. */
const concerned = (state: State, objects: Objects, key: ObjectKey): readonly Uid[] =>
  valuesOf(lookup(objects.entries, key)?.users ?? { size: 0, root: undefined }).filter((uid) => {
    const entry = lookup(state.pods, uid);
    return entry !== undefined && (waitsForObjects(entry.why) || hasInFile(state, entry, key));
  });

/** What a claim is bound to is needed by whoever needs the claim. */
const followed = (folded: Folded, key: ObjectKey): Folded => {
  if (partsOfKey(key).kind !== "PersistentVolumeClaim") return folded;
  const state = folded.pods.reduce((at, uid) => {
    const entry = entryOf(at, uid);
    return putDesired(at, uid, entry, entry.desired);
  }, folded.state);
  return { ...folded, state };
};

/** News of a key: whoever waits for it is looked at. */
export const foldObjects = (state: State, key: ObjectKey, objects: Objects): Folded =>
  objects === state.objects
    ? nothing(state)
    : followed({ state: { ...state, objects }, pods: concerned(state, objects, key), events: [] }, key);
