import * as E from "fp-ts/lib/Either.js";
import type { Now } from "../../../core/time.ts";
import { type ApiError, badRequest } from "../api_error.ts";
import { apiVersionOf, type Kind } from "../kind.ts";
import { isObject, textAt } from "../kinds/fields.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { sameJson } from "../same_json.ts";
import { applyConflict } from "./conflicts.ts";
import { difference, isEmpty, noFields, union } from "./field_set.ts";
import { fieldSetOf } from "./field_set_of.ts";
import { appliedBefore, lastApplied, stillLastApplied } from "./last_applied.ts";
import { updated, withManagers } from "./managed_fields.ts";
import { idOf, type Manager, type Managers, noManagers, readManagers, timeOf } from "./managers.ts";
import { merged } from "./merged.ts";
import { afterWrite, changesOf, ownedType, takenFrom } from "./ownership.ts";
import { pruned } from "./pruned.ts";
import { reachable, withoutIdentity } from "./reset_fields.ts";
import { typedFault } from "./typed_fault.ts";

export interface Apply {
  readonly kind: Kind;
  /** Absent: the object is to be created. */
  readonly current: ApiObject | undefined;
  readonly applied: JsonObject;
  /** The query `fieldManager`, which an apply must have. */
  readonly manager: string;
  readonly force: boolean;
  readonly subresource: string;
  readonly now: Now;
}

/** Who owns what an object had before the first apply. */
const beforeFirstApply = "before-first-apply";

/** 400 or 500 for what is no object of the kind, or nothing. */
const applyFault = ({ kind, applied }: Apply): ApiError | undefined => {
  const apiVersion = applied["apiVersion"], name = applied["kind"];
  if (apiVersion !== apiVersionOf(kind) || name !== kind.kind) {
    const known = typeof apiVersion === "string" && apiVersion.includes("/")
      ? apiVersion
      : `/${apiVersion ?? ""}`;
    return badRequest(`invalid object type: ${apiVersion === undefined ? "/" : known}, Kind=${name ?? ""}`);
  }
  const { metadata } = applied;
  if (isObject(metadata) && metadata["managedFields"] !== undefined && metadata["managedFields"] !== null) {
    return badRequest("metadata.managedFields must be nil");
  }
  return typedFault(kind, applied);
};

const managersBefore = (apply: Apply, current: ApiObject): Managers => {
  const managers = readManagers(current.metadata.managedFields) ?? noManagers;
  if (managers.size > 0) return managers;
  const { kind, subresource, now } = apply;
  return updated({ kind, subresource, now, manager: beforeFirstApply }, noManagers, {}, current);
};

/** The managers with the applier in its place, and the object that comes of it; 409 when it takes what others own. */
const laidOver = (
  apply: Apply,
  managers: Managers,
  force: boolean,
): E.Either<
  ApiError,
  { readonly object: JsonObject; readonly managers: Managers; readonly own: Manager }
> => {
  const { kind, applied, subresource, manager } = apply;
  const current: JsonObject = apply.current ?? {};
  const type = ownedType(kind);
  const named = { manager, operation: "Apply", apiVersion: apiVersionOf(kind), subresource } as const;
  const id = idOf(named), last = managers.get(id);
  const own: Manager = {
    ...named,
    ...(last?.time === undefined ? {} : { time: last.time }),
    fields: reachable(kind, subresource, fieldSetOf(type, applied)),
  };
  const owners = new Map([...managers, [id, own]]);
  const both = (merged(type, current, applied) ?? {}) as JsonObject;
  const owned = [...owners.values()].map(({ fields }) => fields).reduce(union, noFields);
  const object = last === undefined || isEmpty(last.fields) ? both : pruned(type, both, last.fields, owned);
  const changes = changesOf(kind, subresource, current, object);
  const taken = takenFrom(owners, id, changes);
  const allowed = force ? undefined : stillLastApplied(apply, type);
  const conflicts = [...taken].map(([other, fields]) =>
    [other, allowed === undefined ? fields : difference(fields, allowed)] as const
  ).filter(([, fields]) => !isEmpty(fields));
  if (!force && conflicts.length > 0) return E.left(applyConflict(new Map(conflicts)));
  const rest = new Map([...afterWrite(owners, id, changes)].filter(([other]) => other !== id));
  return E.right({
    object,
    managers: rest,
    own: { ...own, fields: withoutIdentity(own.fields) },
  });
};

/**
 * Server-side apply: the object with what is applied laid over it, without what this manager applied before and leaves out
 * now, and with ownership recorded. An apply that changes no value leaves times as they are; one that changes nothing at all
 * gives `current` itself. 409 with each field that others own with another value, unless forced. 400 for another kind or with
 * `managedFields`, 500 (as the real one) for fields and types that the kind does not have. Defaults are the caller's.
 */
export const serverSideApply = (apply: Apply): E.Either<ApiError, ApiObject> => {
  const fault = applyFault(apply);
  if (fault !== undefined) return E.left(fault);
  const { current, now, force } = apply;
  const managers = current === undefined ? noManagers : managersBefore(apply, current);
  const laid = laidOver(apply, managers, force);
  if (E.isLeft(laid)) return laid;
  const { object, own } = laid.right;
  const isSame = current !== undefined && sameJson(object, current);
  const owner = isSame ? own : { ...own, time: timeOf(now) };
  const next = isEmpty(owner.fields)
    ? laid.right.managers
    : new Map([...laid.right.managers, [idOf(owner), owner]]);
  const recorded = withManagers((isSame ? current : object) as ApiObject, next);
  const result = appliedBefore(recorded) && apply.manager === "kubectl"
    ? lastApplied(recorded, apply.applied)
    : recorded;
  return E.right(current !== undefined && sameJson(result, current) ? current : result);
};

/** What an apply says the object is called. */
export const nameOf = (applied: JsonObject): string => textAt(applied, "metadata", "name");
