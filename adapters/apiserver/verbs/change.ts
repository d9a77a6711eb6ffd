import * as E from "fp-ts/lib/Either.js";
import { type Effect, noEffect } from "../answer.ts";
import { type ApiError, conflict, invalid, modified } from "../api_error.ts";
import type { Call } from "../call.ts";
import type { Kind } from "../kind.ts";
import { invalidValue } from "../kinds/causes.ts";
import { listAt, textAt } from "../kinds/fields.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { parseRevision } from "../query.ts";
import { sameJson } from "../same_json.ts";
import { putObject, removeObject } from "../store.ts";
import { subjectOf } from "../subject.ts";
import { groupOfFaults, needsVersion } from "./manners.ts";
import { asChanged } from "./metadata.ts";
import { recordUpdate, withoutNews, withOwnersOf } from "../patch/managed_fields.ts";

/** An object that was changed, in a state that has it (unless it is a dry run). */
export interface Changed {
  readonly effect: Effect;
  readonly object: ApiObject;
  readonly warnings: readonly string[];
}

/** The words of the real API server's storage, which people search for. */
const otherUid = (call: Call, asked: string, is: string): ApiError =>
  conflict(
    subjectOf(call),
    `StorageError: invalid object, Code: 4, Key: /registry/${call.kind.plural}/${
      call.namespace === undefined ? "" : `${call.namespace}/`
    }${call.name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${asked}, ` +
      `UID in object meta: ${is}`,
  );

const noVersion = (call: Call): ApiError => {
  const { kind: { group, plural } } = call;
  const cause = invalidValue("metadata.resourceVersion", 0, "must be specified for an update");
  return invalid(plural, group, call.name ?? "", [cause]);
};

/** The body of an update names another object than the one that is there. */
export const uidFault = (call: Call, body: JsonObject, before: ApiObject): ApiError | undefined => {
  const uid = textAt(body, "metadata", "uid");
  return uid === "" || uid === before.metadata.uid ? undefined : otherUid(call, uid, before.metadata.uid);
};

/** A body is made from another version than the one that is there. */
export const versionFault = (call: Call, body: JsonObject, before: ApiObject): ApiError | undefined => {
  const version = textAt(body, "metadata", "resourceVersion");
  const revision = parseRevision(version);
  if (E.isLeft(revision)) return { code: 500, reason: "", message: revision.left };
  if ((revision.right ?? 0) === 0) return needsVersion(call.kind) ? noVersion(call) : undefined;
  return version === before.metadata.resourceVersion ? undefined : modified(subjectOf(call));
};

const withGeneration = (kind: Kind, next: ApiObject, before: ApiObject): ApiObject => {
  const { generation } = before.metadata;
  if (generation === undefined || kind.changesDesired?.(next, before) !== true) return next;
  return { ...next, metadata: { ...next.metadata, generation: generation + 1 } };
};

/** Being deleted, and nothing is waited for any more. */
const isDone = (kind: Kind, { metadata, spec }: ApiObject): boolean => {
  if (metadata.deletionTimestamp === undefined || (metadata.deletionGracePeriodSeconds ?? 0) !== 0) {
    return false;
  }
  const isNamespace = kind.group === "" && kind.plural === "namespaces";
  return (metadata.finalizers ?? []).length === 0 &&
    (!isNamespace || listAt(spec, "finalizers").length === 0);
};

/** What is not of the owners is compared first: mostly it tells. */
const isNoChange = (next: ApiObject, before: ApiObject): boolean => {
  const { metadata, ...fields } = next, { metadata: was, ...had } = before;
  return sameJson(fields, had) && (metadata === was || sameJson(withoutNews(next, before).metadata, was));
};

const stored = (call: Call, before: ApiObject, next: ApiObject): readonly [Effect, ApiObject] => {
  const { state, kind, now, dryRun } = call;
  if (isNoChange(next, before)) return [noEffect(state), before];
  if (dryRun) return [noEffect(state), next];
  if (isDone(kind, next)) {
    // as in the real one this write is not stored: what is told as deleted is the object before it
    const removed = removeObject(state, kind, before, now);
    return [{ state: removed.state, changes: [removed.change] }, next];
  }
  const put = putObject(state, kind, next, now);
  return [{ state: put.state, changes: [put.change] }, put.object];
};

/** How a write tells whose fields it set: an update and a patch in one way, an apply in another. */
export type Record = (next: ApiObject, before: ApiObject) => ApiObject;

export const recordedBy = (call: Call, manager: string): Record => (after, before) =>
  recordUpdate({
    before,
    after,
    manager,
    subresource: call.subresource ?? "",
    kind: call.kind,
    now: call.now,
  });

/** Puts a body in the place of `before`: fills in, lets the kind's rules have their say, stores it if it is another. */
export const changeTo = (
  call: Call,
  before: ApiObject,
  body: JsonObject,
  record: Record,
): E.Either<ApiError, Changed> => {
  const { state, user, now, dryRun, kind, subresource = "" } = call;
  // what the kind's rules change is nobody's
  const recorded = record(kind.defaults(asChanged(body, before)), before);
  const prepared = kind.onUpdate(recorded, before, subresource, { state, user, now, dryRun });
  if (E.isLeft(prepared)) return prepared;
  const causes = kind.validate(prepared.right, before, subresource);
  if (causes.length > 0) return E.left(invalid(kind.kind, groupOfFaults(kind), before.metadata.name, causes));
  const next = withOwnersOf(withGeneration(kind, prepared.right, before), recorded);
  const [effect, object] = stored(call, before, next);
  return E.right({ effect, object, warnings: kind.warnings?.(next, before, subresource) ?? [] });
};
