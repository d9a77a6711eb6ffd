import { type Folded, nothing } from "./folded.ts";
import type { Uid } from "./kubernetes/meta.ts";
import type { ObjectKey } from "./objects/key.ts";
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

/** News of a key: whoever waits for it is looked at. */
export const foldObjects = (state: State, key: ObjectKey, objects: Objects): Folded =>
  objects === state.objects
    ? nothing(state)
    : { state: { ...state, objects }, pods: concerned(state, objects, key), events: [] };
