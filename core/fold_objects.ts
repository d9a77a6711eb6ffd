import { type Folded, nothing } from "./folded.ts";
import type { Uid } from "./kubernetes/meta.ts";
import type { ObjectKey } from "./objects/key.ts";
import type { Objects } from "./objects/objects.ts";
import { waitsForObjects } from "./pod/wait.ts";
import type { State } from "./state.ts";
import { lookup, valuesOf } from "./table.ts";

/** The pods that wait for something of the key: those that have begun keep what they were given. */
const waiting = (state: State, objects: Objects, key: ObjectKey): readonly Uid[] =>
  valuesOf(lookup(objects.entries, key)?.users ?? { size: 0, root: undefined }).filter((uid) =>
    waitsForObjects(lookup(state.pods, uid)?.why)
  );

/** News of a key: whoever waits for it is looked at. */
export const foldObjects = (state: State, key: ObjectKey, objects: Objects): Folded =>
  objects === state.objects
    ? nothing(state)
    : { state: { ...state, objects }, pods: waiting(state, objects, key), events: [] };
