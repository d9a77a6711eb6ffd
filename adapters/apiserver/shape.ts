import { isRight } from "fp-ts/lib/Either.js";
import type { Now } from "../../core/time.ts";
import { statusOf } from "./api_error.ts";
import { apiVersionOf, type Kind } from "./kind.ts";
import type { ApiObject } from "./object.ts";
import { formOf, plainForm } from "./table/accept.ts";
import { type Asked, shapedBookmark, shapedObject, withoutColumns } from "./table/table.ts";
import type { Watch, WatchEvent } from "./watch/watch.ts";

type Reader = Pick<Watch, "accept" | "includeObject">;

/** What was acceptable when the watch was opened, still is. */
const askedBy = ({ accept, includeObject }: Reader, now: Now): Asked => {
  const form = formOf(accept);
  return { form: isRight(form) ? form.right : plainForm, includeObject, now };
};

/** An event in the form that its watch has asked for. */
export const shapedEvent = (
  kind: Kind,
  watch: Reader,
  type: WatchEvent["type"],
  object: ApiObject,
  now: Now,
): WatchEvent => {
  const shaped = shapedObject(kind, object, askedBy(watch, now));
  return isRight(shaped) ? { type, object: shaped.right } : { type: "ERROR", object: statusOf(shaped.left) };
};

/** How far a watch has come. With `isInitialEnd`: everything that there was has been told. */
export const bookmarkEvent = (
  kind: Kind,
  watch: Reader,
  revision: number,
  isInitialEnd: boolean,
  now: Now,
): WatchEvent => {
  const annotations = { "k8s.io/initial-events-end": "true" };
  const metadata = { resourceVersion: `${revision}`, ...(isInitialEnd ? { annotations } : {}) };
  const object = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata };
  return { type: "BOOKMARK", object: shapedBookmark(kind, object, askedBy(watch, now)) };
};

/** Tables tell their columns with the first event of a watch only. */
export const columnsOnce = (
  watch: Watch,
  events: readonly WatchEvent[],
): { readonly watch: Watch; readonly events: readonly WatchEvent[] } => {
  if (events.length === 0 || !watch.accept.includes("as=Table")) return { watch, events };
  const bare = (event: WatchEvent): WatchEvent => ({ ...event, object: withoutColumns(event.object) });
  const told = events.map((event, index) => watch.columnsTold === true || index > 0 ? bare(event) : event);
  return { watch: watch.columnsTold === true ? watch : { ...watch, columnsTold: true }, events: told };
};
