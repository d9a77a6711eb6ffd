import type { Now } from "../../../core/time.ts";
import type { Kind } from "../kind.ts";
import type { ApiObject } from "../object.ts";
import type { Change } from "../response.ts";
import { selects } from "../select/select.ts";
import { shapedEvent } from "../shape.ts";
import type { Watch, WatchEvent } from "./watch.ts";

const isIn = ({ namespace }: Watch, { metadata }: ApiObject): boolean =>
  namespace === undefined || metadata.namespace === namespace;

const shown = (kind: Kind, object: ApiObject): ApiObject =>
  kind.stored === undefined ? object : kind.stored.fromStored(object);

/** As it was before it left the selection, with the version at which it did. */
const lastSeen = (previous: ApiObject, { metadata }: ApiObject): ApiObject => ({
  ...previous,
  metadata: { ...previous.metadata, resourceVersion: metadata.resourceVersion },
});

/** What a change is to those who see only what they have selected. */
export const eventOf = (kind: Kind, watch: Watch, change: Change, now: Now): WatchEvent | undefined => {
  if (!isIn(watch, change.object)) return undefined;
  const object = shown(kind, change.object);
  const previous = change.previous === undefined ? undefined : shown(kind, change.previous);
  const is = change.type !== "DELETED" && selects(kind, watch.selection, object);
  const was = previous !== undefined && selects(kind, watch.selection, previous);
  if (is) return shapedEvent(kind, watch, was ? "MODIFIED" : "ADDED", object, now);
  if (!was || previous === undefined) return undefined;
  const last = change.type === "DELETED" ? object : lastSeen(previous, object);
  return shapedEvent(kind, watch, "DELETED", last, now);
};
