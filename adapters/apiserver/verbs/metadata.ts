import * as E from "fp-ts/lib/Either.js";
import { formatTime, type Now } from "../../../core/time.ts";
import { type ApiError, badRequest } from "../api_error.ts";
import type { Call } from "../call.ts";
import type { Kind } from "../kind.ts";
import { numberAt, objectAt, textAt } from "../kinds/fields.ts";
import { drawSuffix, drawUid, withSuffix } from "../names.ts";
import type { ApiObject, Json, JsonObject } from "../object.ts";
import { sameFields } from "../same_json.ts";
import type { ServerState } from "../state.ts";
import { lookup } from "../store.ts";

/** A 400 when a body names another namespace than its path. */
export const namespaceFault = ({ namespace }: Call, body: JsonObject): ApiError | undefined => {
  const given = textAt(body, "metadata", "namespace");
  return namespace === undefined || given === "" || given === namespace ? undefined : badRequest(
    "the namespace of the provided object does not match the namespace sent on the request",
  );
};

/** The body in the namespace of its path, or {@link namespaceFault}; what has no namespace loses the one that it names. */
export const inNamespace = (call: Call, body: JsonObject): E.Either<ApiError, JsonObject> => {
  const { namespace } = call;
  if (objectAt(body, "metadata")["namespace"] === namespace) return E.right(body);
  const fault = namespaceFault(call, body);
  if (fault !== undefined) return E.left(fault);
  const { namespace: _, ...metadata } = objectAt(body, "metadata");
  return E.right({ ...body, metadata: namespace === undefined ? metadata : { ...metadata, namespace } });
};

/** A 400 when the body of an update does not have the name that is in its path. */
export const nameFault = (call: Call, body: JsonObject): ApiError | undefined => {
  const given = textAt(body, "metadata", "name"), name = call.name ?? "";
  if (given === name) return undefined;
  return badRequest(
    given === ""
      ? `the name of the object (${name} based on URL) was undeterminable: name must be provided`
      : `the name of the object (${given}) does not match the name on the URL (${name})`,
  );
};

/** As often as the real API server draws another name when one is taken. */
const draws = 8;

/** The name of a new object: its own, or one that is made of `generateName`. */
export const withName = (
  state: ServerState,
  kind: Kind,
  body: JsonObject,
): readonly [ServerState, JsonObject] => {
  const metadata = objectAt(body, "metadata"), base = textAt(metadata, "generateName");
  if (textAt(metadata, "name") !== "" || base === "") return [state, body];
  let [next, suffix] = drawSuffix(state);
  for (let draw = 1; draw < draws; draw++) {
    if (lookup(state, kind, textAt(metadata, "namespace"), withSuffix(base, suffix)) === undefined) break;
    [next, suffix] = drawSuffix(next);
  }
  return [next, { ...body, metadata: { ...metadata, name: withSuffix(base, suffix) } }];
};

/** What users do not set, or not here. */
const serversOwn: ReadonlySet<string> = new Set([
  "resourceVersion",
  "uid",
  "selfLink",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "generation",
]);

/** What comes first, for those who read. */
const names: ReadonlySet<string> = new Set(["name", "generateName", "namespace"]);

/** A new object with the metadata that only the server gives. Its resourceVersion is "" until it is stored. */
export const asNew = (
  state: ServerState,
  kind: Kind,
  body: JsonObject,
  now: Now,
): readonly [ServerState, ApiObject] => {
  const [next, uid] = drawUid(state);
  const given = objectAt(body, "metadata");
  const generation = kind.changesDesired === undefined ? numberAt(given, "generation") : 1;
  const rest = Object.entries(given).filter(([name]) => !serversOwn.has(name) && !names.has(name));
  const named = Object.entries(given).filter(([name, value]) => names.has(name) && value !== "");
  const metadata = {
    name: "",
    ...Object.fromEntries(named),
    uid,
    resourceVersion: "",
    ...(generation === undefined ? {} : { generation }),
    creationTimestamp: formatTime(now.wall),
    ...Object.fromEntries(rest),
  };
  const { apiVersion, kind: name, metadata: _, ...fields } = body;
  return [next, { kind: name, apiVersion, metadata, ...fields } as ApiObject];
};

/** What no update changes. */
const unchanging: ReadonlySet<string> = new Set(["generation", "creationTimestamp"]);

/** What an object has after an update, though it is not in its body. */
const kept = [
  "uid",
  "resourceVersion",
  "generation",
  "generateName",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "managedFields",
];

/** What an update leaves as it was, or fills in where its body has nothing. */
export const asChanged = (body: JsonObject, before: ApiObject): ApiObject => {
  const given = objectAt(body, "metadata"), was = before.metadata;
  const valueOf = (name: string): Json | undefined => {
    switch (name) {
      case "resourceVersion":
      case "generation":
      case "creationTimestamp":
        return was[name];
      case "generateName":
        return was.generateName ?? given[name];
      case "managedFields":
        return given[name] ?? was.managedFields;
      case "deletionTimestamp":
        return was.deletionTimestamp ?? given[name] ?? undefined;
      case "uid":
      case "deletionGracePeriodSeconds":
        return given[name] === undefined || given[name] === null || given[name] === ""
          ? was[name]
          : given[name];
      default:
        return given[name];
    }
  };
  const metadata: Record<string, Json> = {};
  const put = (name: string): void => {
    const value = valueOf(name);
    if (value !== undefined) metadata[name] = value;
  };
  for (const name of Object.keys(given)) if (name !== "selfLink" && !unchanging.has(name)) put(name);
  for (const name of kept) put(name);
  const { apiVersion, kind, metadata: _, ...fields } = body;
  return { kind, apiVersion, metadata: sameFields(metadata, was) ? was : metadata, ...fields } as ApiObject;
};
