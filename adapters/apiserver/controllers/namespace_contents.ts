import type { Kind } from "../kind.ts";
import { resourceOf } from "../kind.ts";
import { kinds } from "../kinds/kinds.ts";
import { listed } from "../store.ts";
import { objectsOf, type ServerState } from "../state.ts";
import { visitAfter } from "../objects.ts";

/** What a namespace still holds of one resource. */
export interface Content {
  readonly kind: Kind;
  readonly count: number;
  /** Not being deleted yet. */
  readonly untouched: number;
  readonly finalizers: Readonly<Record<string, number>>;
}

/** Kinds whose objects are in namespaces; each is kept once. Pods come first: what they use outlives them. */
const contentKinds: readonly Kind[] = kinds
  .filter(({ namespaced, virtual, stored }) => namespaced && virtual !== true && stored === undefined)
  .toSorted((a, b) => Number(b.plural === "pods") - Number(a.plural === "pods"));

const contentOf = (state: ServerState, kind: Kind, namespace: string): Content => {
  const finalizers: Record<string, number> = {};
  let untouched = 0;
  const objects = listed(state, resourceOf(kind), namespace);
  for (const { metadata } of objects) {
    if (metadata.deletionTimestamp === undefined) untouched++;
    for (const name of metadata.finalizers ?? []) finalizers[name] = (finalizers[name] ?? 0) + 1;
  }
  return { kind, count: objects.length, untouched, finalizers };
};

/** What is to go now: the pods, and once there are none, everything else. Looks at every object. */
export const contentsOf = (state: ServerState, namespace: string): readonly Content[] => {
  const contents = contentKinds
    .map((kind) => contentOf(state, kind, namespace))
    .filter(({ count }) => count > 0);
  const pods = contents.filter(({ kind }) => kind.plural === "pods");
  return pods.length > 0 ? pods : contents;
};

const holdsAny = (state: ServerState, kind: Kind, namespace: string): boolean => {
  let found = false;
  visitAfter(objectsOf(state, resourceOf(kind)), `${namespace}/`, (key) => {
    found = key.startsWith(`${namespace}/`);
    return false;
  });
  return found;
};

/** The first of the resources of which the namespace holds something. Looks at one object of each. */
export const firstContent = (state: ServerState, namespace: string): string | undefined =>
  contentKinds.find((kind) => holdsAny(state, kind, namespace))?.plural;
