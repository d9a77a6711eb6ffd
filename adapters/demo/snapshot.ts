import { noHistory } from "../apiserver/history.ts";
import type { ApiObject } from "../apiserver/object.ts";
import { keyOf, noObjects, visitAfter, withObject } from "../apiserver/objects.ts";
import { emptyState, objectsOf, type ServerState } from "../apiserver/state.ts";

/** A server's state as JSON, but for its keys. It holds secrets all the same: those that users have stored. */
export interface Snapshot {
  readonly version: 1;
  readonly revision: number;
  readonly drawn: number;
  readonly seed: string;
  readonly objects: Readonly<Record<string, readonly ApiObject[]>>;
}

/** Gone with the server that saw them: what had happened, and who was alive. */
const shortLived: ReadonlySet<string> = new Set(["events", "leases.coordination.k8s.io"]);

const objectsIn = (state: ServerState, resource: string): readonly ApiObject[] => {
  const found: ApiObject[] = [];
  visitAfter(objectsOf(state, resource), "", (_, object) => {
    found.push(object);
    return true;
  });
  return found;
};

/** What the next server needs to go on from here; watches and lists under way are not part of it. */
export const snapshotOf = (state: ServerState): Snapshot => {
  const resources = Object.keys(state.objects).filter((resource) => !shortLived.has(resource));
  return {
    version: 1,
    revision: state.revision,
    drawn: state.drawn,
    seed: state.settings.seed,
    objects: Object.fromEntries(resources.map((resource) => [resource, objectsIn(state, resource)])),
  };
};

/** The state of a server that goes on from a snapshot. */
export const stateFrom = ({ seed, revision, drawn, objects }: Snapshot): ServerState => ({
  ...emptyState({ seed }),
  revision,
  drawn,
  history: { ...noHistory, compacted: revision },
  objects: Object.fromEntries(
    Object.entries(objects).map(([resource, all]) => [
      resource,
      all.reduce(
        (kept, object) => withObject(kept, keyOf(object.metadata.namespace, object.metadata.name), object),
        noObjects,
      ),
    ]),
  ),
});
