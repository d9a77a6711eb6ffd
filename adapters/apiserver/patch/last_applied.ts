import * as E from "fp-ts/lib/Either.js";
import { parseJson } from "../body.ts";
import { apiVersionOf, type Kind } from "../kind.ts";
import { isObject, textAt } from "../kinds/fields.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import type { Type } from "../schema/types.ts";
import { compare } from "./comparison.ts";
import { difference, type FieldSet } from "./field_set.ts";
import { fieldSetOf } from "./field_set_of.ts";

// kubectl's own kind of apply, which is older, keeps what it has applied in an annotation.

const annotation = "kubectl.kubernetes.io/last-applied-configuration";

export const appliedBefore = (object: JsonObject): boolean =>
  textAt(object, "metadata", "annotations", annotation) !== "";

/** The object with the annotation that says what is applied now, so that the older apply goes on from there. */
export const lastApplied = (object: ApiObject, applied: JsonObject): ApiObject => {
  const { metadata } = applied;
  const { [annotation]: _, ...others } = (isObject(metadata) && isObject(metadata["annotations"]))
    ? metadata["annotations"]
    : {};
  const text = JSON.stringify({
    ...applied,
    metadata: {
      ...(isObject(metadata) ? metadata : {}),
      ...(Object.keys(others).length === 0 ? {} : { annotations: others }),
    },
  });
  const annotations = { ...object.metadata.annotations, [annotation]: `${text}\n` };
  return { ...object, metadata: { ...object.metadata, annotations } };
};

/**
 * What kubectl has applied in its older way and nobody has changed since: its server-side apply may take that without being
 * forced. Nothing for others.
 */
export const stillLastApplied = (
  { manager, current, kind }: {
    readonly manager: string;
    readonly current: ApiObject | undefined;
    readonly kind: Kind;
  },
  type: Type | undefined,
): FieldSet | undefined => {
  if (manager !== "kubectl" || current === undefined || !appliedBefore(current)) return undefined;
  const json = parseJson(textAt(current, "metadata", "annotations", annotation));
  if (E.isLeft(json) || !isObject(json.right)) return undefined;
  const last = json.right;
  if (last["apiVersion"] !== apiVersionOf(kind)) return undefined;
  const { added, modified, removed } = compare(type, last, current);
  return [added, modified, removed].reduce(difference, fieldSetOf(type, last));
};
