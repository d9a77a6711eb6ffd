import * as E from "fp-ts/lib/Either.js";
import type { Cause } from "../api_error.ts";
import type { Custom } from "../call.ts";
import { invalidValue } from "../kinds/causes.ts";
import { at, entriesAt, isObject, listAt, objectAt, textAt } from "../kinds/fields.ts";
import type { Json, JsonObject } from "../object.ts";
import type { User } from "../user.ts";
import { invalidQuestion, reviewed } from "./answers.ts";
import { askedSelectorFaults } from "./asked_selectors.ts";
import { type Attributes, equalities, type Requirement, resourceAttributes } from "./attributes.ts";
import { authorize } from "./authorize.ts";
import { textsAt } from "./texts.ts";

const group = "authorization.k8s.io";

const fieldsOf = (asked: JsonObject): readonly Requirement[] => {
  const raw = textAt(asked, "fieldSelector", "rawSelector");
  const told = listAt(asked, "fieldSelector", "requirements").flatMap((requirement) => {
    const values = textsAt(requirement, "values");
    const isOne = textAt(requirement, "operator") === "In" && values.length === 1;
    return isOne ? [{ key: textAt(requirement, "key"), value: values[0] ?? "" }] : [];
  });
  return told.length > 0 ? told : equalities(raw);
};

const attributesIn = (spec: JsonObject): Attributes => {
  const asked = objectAt(spec, "resourceAttributes");
  if (at(spec, "resourceAttributes") === undefined) {
    const path = objectAt(spec, "nonResourceAttributes");
    return { _tag: "Path", verb: textAt(path, "verb"), path: textAt(path, "path") };
  }
  return resourceAttributes({
    verb: textAt(asked, "verb"),
    group: textAt(asked, "group"),
    version: textAt(asked, "version") || "*",
    resource: textAt(asked, "resource"),
    subresource: textAt(asked, "subresource"),
    namespace: textAt(asked, "namespace"),
    name: textAt(asked, "name"),
    fields: fieldsOf(asked),
  });
};

const userIn = (spec: JsonObject): User => ({
  name: textAt(spec, "user"),
  groups: textsAt(spec, "groups"),
  ...(textAt(spec, "uid") === "" ? {} : { uid: textAt(spec, "uid") }),
  extra: Object.fromEntries(entriesAt(spec, "extra").map(([key]) => [key, textsAt(spec, "extra", key)])),
});

const specFaults = (spec: JsonObject): readonly Cause[] => {
  const resource = at(spec, "resourceAttributes");
  const path = at(spec, "nonResourceAttributes");
  const shown: Json = { Path: textAt(path, "path"), Verb: textAt(path, "verb") };
  if (resource !== undefined && path !== undefined) {
    return [
      invalidValue(
        "spec.nonResourceAttributes",
        shown,
        "cannot be specified in combination with resourceAttributes",
      ),
    ];
  }
  const missing = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
  return resource === undefined && path === undefined
    ? [invalidValue("spec.resourceAttributes", null, missing)]
    : askedSelectorFaults(objectAt(spec, "resourceAttributes"));
};

const userFaults = (spec: JsonObject): readonly Cause[] =>
  textAt(spec, "user") === "" && listAt(spec, "groups").length === 0
    ? [invalidValue("spec.user", "", "at least one of user or group must be specified")]
    : [];

const namespaceFaults = (body: JsonObject | undefined): readonly Cause[] => {
  const spec = objectAt(body, "spec");
  const asked = at(spec, "resourceAttributes");
  const namespace = textAt(asked, "namespace");
  const path = at(spec, "nonResourceAttributes");
  return [
    ...(asked !== undefined && namespace !== textAt(body, "metadata", "namespace")
      ? [invalidValue("spec.resourceAttributes.namespace", namespace, "must match metadata.namespace")]
      : []),
    ...(isObject(path)
      ? [
        invalidValue(
          "spec.nonResourceAttributes",
          { Path: textAt(path, "path"), Verb: textAt(path, "verb") },
          "disallowed on this kind of request",
        ),
      ]
      : []),
  ];
};

const review = (
  faults: (body: JsonObject | undefined, spec: JsonObject) => readonly Cause[],
  user: (spec: JsonObject, own: User) => User,
): Custom =>
(call, body) => {
  const spec = objectAt(body, "spec");
  const found = faults(body, spec);
  if (found.length > 0) return E.left(invalidQuestion("", group, found));
  const { allowed, reason } = authorize(call.state, user(spec, call.user), attributesIn(spec));
  return reviewed(call, body, { spec, status: { allowed, ...(reason === "" ? {} : { reason }) } });
};

/** Whether somebody may do something. */
export const subjectAccessReview: Custom = review(
  (_, spec) => [...specFaults(spec), ...userFaults(spec)],
  userIn,
);

/** The same in one namespace, which its own permission can be given for. */
export const localSubjectAccessReview: Custom = review(
  (body, spec) => [...specFaults(spec), ...userFaults(spec), ...namespaceFaults(body)],
  userIn,
);

/** Whether who asks may do something: `kubectl auth can-i`. */
export const selfSubjectAccessReview: Custom = review((_, spec) => specFaults(spec), (_, own) => own);
