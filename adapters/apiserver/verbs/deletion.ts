import * as E from "fp-ts/lib/Either.js";
import { formatTime, type Millis, type Now, parseTime } from "../../../core/time.ts";
import { type Effect, noEffect } from "../answer.ts";
import { type ApiError, conflict } from "../api_error.ts";
import type { Kind } from "../kind.ts";
import { listAt } from "../kinds/fields.ts";
import type { ApiObject } from "../object.ts";
import type { ServerState } from "../state.ts";
import { putObject, removeObject } from "../store.ts";
import type { DeleteOptions } from "./delete_options.ts";

/** An object that was deleted, or marked. */
export interface Deleted {
  readonly effect: Effect;
  readonly object: ApiObject;
  /** It is gone, without ever having been marked. */
  readonly isPlain: boolean;
}

const isNamespace = (kind: Kind): boolean => kind.group === "" && kind.plural === "namespaces";

/** Another object of that name, or another version of it, than is to be deleted. */
const preconditionFault = (kind: Kind, object: ApiObject, options: DeleteOptions): ApiError | undefined => {
  const { uid, resourceVersion, name } = object.metadata;
  // the real API server names the kind here, not the resource
  const subject = { group: kind.group, plural: kind.kind, name };
  if (options.uid !== undefined && options.uid !== uid) {
    return conflict(
      subject,
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). ` +
        "The object might have been deleted and then recreated",
    );
  }
  if (options.resourceVersion === undefined || options.resourceVersion === resourceVersion) return undefined;
  return conflict(
    subject,
    `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in ` +
      `record (${resourceVersion}). The object might have been modified`,
  );
};

const orphan = "orphan", foreground = "foregroundDeletion";

/** Finalizers by which the garbage collector is told what becomes of dependents. */
const finalizersFor = (object: ApiObject, { propagation, orphans }: DeleteOptions): readonly string[] => {
  const had = object.metadata.finalizers ?? [];
  const isUnsaid = propagation === undefined && orphans === undefined;
  const keepsThem = isUnsaid ? had.includes(orphan) : propagation === "Orphan" || orphans === true;
  const waitsForThem = isUnsaid ? had.includes(foreground) : propagation === "Foreground";
  return [
    ...had.filter((name) => name !== orphan && name !== foreground),
    ...(keepsThem ? [orphan] : []),
    ...(waitsForThem ? [foreground] : []),
  ];
};

const withFinalizers = (object: ApiObject, finalizers: readonly string[]): ApiObject => {
  const { finalizers: had = [], ...metadata } = object.metadata;
  if (had.length === finalizers.length && had.every((name, index) => name === finalizers[index])) {
    return object;
  }
  const next = finalizers.length === 0 ? metadata : { ...metadata, finalizers };
  return { ...object, metadata: next as ApiObject["metadata"] };
};

/** Marked as being deleted: the time at which its grace is over. The first mark counts as a change of what is desired. */
const marked = (object: ApiObject, at: Millis, graceSeconds: number): ApiObject => {
  const { generation, deletionTimestamp } = object.metadata;
  const isFirst = deletionTimestamp === undefined;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      ...(generation === undefined || generation === 0 || !isFirst ? {} : { generation: generation + 1 }),
      deletionTimestamp: formatTime(at),
      deletionGracePeriodSeconds: graceSeconds,
    },
  };
};

/** A shorter grace counts from when the deletion began. */
const beganAt = ({ metadata }: ApiObject): Millis =>
  (parseTime(metadata.deletionTimestamp) ?? 0) - (metadata.deletionGracePeriodSeconds ?? 0) * 1000;

type Grace =
  /** Nothing is changed: it is being deleted, and no sooner end is asked for. */
  | { readonly _tag: "Pending" }
  | { readonly _tag: "Marked"; readonly object: ApiObject; readonly seconds: number }
  | { readonly _tag: "None" };

const graceOf = (kind: Kind, object: ApiObject, { graceSeconds }: DeleteOptions, now: Now): Grace => {
  if (kind.graceSeconds === undefined) return { _tag: "None" };
  const { deletionTimestamp, deletionGracePeriodSeconds: left = 0 } = object.metadata;
  const asked = graceSeconds !== undefined && graceSeconds < 0 ? 1 : graceSeconds;
  if (deletionTimestamp === undefined) {
    const seconds = kind.graceSeconds(object, asked);
    return { _tag: "Marked", object: marked(object, now.wall + seconds * 1000, seconds), seconds };
  }
  if (left === 0) return { _tag: "None" };
  if (asked === undefined || asked >= left) return { _tag: "Pending" };
  return { _tag: "Marked", object: marked(object, beganAt(object) + asked * 1000, asked), seconds: asked };
};

/** What has no grace of its own waits for its finalizers only. */
const markedForFinalizers = (object: ApiObject, now: Now): ApiObject => {
  const at = parseTime(object.metadata.deletionTimestamp);
  return marked(object, at === undefined ? now.wall : Math.min(at, now.wall), 0);
};

const put = (state: ServerState, kind: Kind, before: ApiObject, next: ApiObject, now: Now): Deleted => {
  const isSame = next.metadata.deletionTimestamp === before.metadata.deletionTimestamp &&
    next.metadata.deletionGracePeriodSeconds === before.metadata.deletionGracePeriodSeconds &&
    next.metadata.finalizers === before.metadata.finalizers;
  if (isSame) return { effect: noEffect(state), object: before, isPlain: false };
  const stored = putObject(state, kind, next, now);
  return {
    effect: { state: stored.state, changes: [stored.change] },
    object: stored.object,
    isPlain: false,
  };
};

const remove = (state: ServerState, kind: Kind, object: ApiObject, now: Now): Deleted => {
  const { state: next, change } = removeObject(state, kind, object, now);
  const told = { ...object, metadata: { ...object.metadata, resourceVersion: `${change.revision}` } };
  return { effect: { state: next, changes: [change] }, object: told, isPlain: true };
};

/** A namespace is emptied by its controller first. */
const deleteNamespace = (state: ServerState, kind: Kind, object: ApiObject, now: Now): Deleted => {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  const status = object["status"] as ApiObject | undefined;
  if (deletionTimestamp === undefined) {
    const metadata = { ...object.metadata, deletionTimestamp: formatTime(now.wall) };
    const next = { ...object, metadata, status: { ...status, phase: "Terminating" } };
    return put(state, kind, object, next, now);
  }
  const isEmpty = finalizers.length === 0 && listAt(object, "spec", "finalizers").length === 0;
  return isEmpty ? remove(state, kind, object, now) : { effect: noEffect(state), object, isPlain: false };
};

const deleteFrom = (
  state: ServerState,
  kind: Kind,
  object: ApiObject,
  options: DeleteOptions,
  now: Now,
): Deleted => {
  if (isNamespace(kind)) return deleteNamespace(state, kind, object, now);
  const grace = graceOf(kind, object, options, now);
  if (grace._tag === "Pending") return { effect: noEffect(state), object, isPlain: false };
  const finalizers = finalizersFor(object, options);
  if (grace._tag === "None") {
    if (finalizers.length === 0) return remove(state, kind, withFinalizers(object, finalizers), now);
    return put(state, kind, object, withFinalizers(markedForFinalizers(object, now), finalizers), now);
  }
  const mark = put(state, kind, object, withFinalizers(grace.object, finalizers), now);
  if (finalizers.length > 0 || grace.seconds > 0) return mark;
  const { effect, object: last } = remove(mark.effect.state, kind, mark.object, now);
  return {
    effect: { state: effect.state, changes: [...mark.effect.changes, ...effect.changes] },
    object: last,
    isPlain: true,
  };
};

/**
 * Deletes an object as the real API server does: at once, or by a mark with a time, when it has a grace period or finalizers. A
 * grace period only ever gets shorter. A conflict when it is not the object that was meant.
 */
export const deleteOne = (
  state: ServerState,
  kind: Kind,
  object: ApiObject,
  options: DeleteOptions,
  now: Now,
): E.Either<ApiError, Deleted> => {
  const fault = preconditionFault(kind, object, options);
  if (fault !== undefined) return E.left(fault);
  const deleted = deleteFrom(state, kind, object, options, now);
  if (!options.dryRun) return E.right(deleted);
  const { resourceVersion } = object.metadata;
  return E.right({
    ...deleted,
    effect: noEffect(state),
    object: { ...deleted.object, metadata: { ...deleted.object.metadata, resourceVersion } },
  });
};
