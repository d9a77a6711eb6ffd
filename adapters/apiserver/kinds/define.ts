import { right } from "fp-ts/lib/Either.js";
import { equivalent } from "../../../core/equivalent.ts";
import type { Kind, Subresource } from "../kind.ts";
import type { ApiObject } from "../object.ts";
import { structOf } from "../schema/type_of.ts";
import type { Verb } from "../verb.ts";
import { plainCells, plainColumns } from "../table/columns.ts";
import { withField } from "./fields.ts";
import { filled } from "./filled.ts";

/** As discovery lists them for what is stored. */
export const storedVerbs: readonly Verb[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

/** As HTTP methods of whoever is asked through the server. */
export const proxyVerbs: readonly Verb[] = ["create", "delete", "get", "patch", "update"];

/** A part of the object that is read and written by itself. */
export const part: Subresource = { verbs: ["get", "patch", "update"] };

type Said = Pick<Kind, "kind" | "plural" | "namespaced">;

const same = (object: ApiObject): ApiObject => object;

const plain = {
  group: "",
  version: "v1",
  shortNames: [],
  categories: [],
  verbs: storedVerbs,
  subresources: {},
  fields: {},
  columns: plainColumns,
  cells: plainCells,
  onCreate: (object: ApiObject) => right(object),
  onUpdate: (next: ApiObject) => right(next),
  validate: () => [],
} satisfies Partial<Kind>;

/** A kind in what it differs from plain data: a name, all verbs, no subresources, no rules. */
export const define = (said: Said & Partial<Kind>): Kind => {
  const { group = "", version = "v1", kind, defaults = same } = said;
  const struct = structOf({ group, version, kind });
  return {
    ...plain,
    singular: kind.toLowerCase(),
    ...said,
    defaults: (object) => filled(struct, defaults(object)),
  };
};

/** Asked and answered, never stored. */
export const review = (group: string, kind: string, namespaced = false): Kind =>
  define({ group, kind, plural: `${kind.toLowerCase()}s`, namespaced, verbs: ["create"], virtual: true });

/** `next` with the fields of `names` as `before` has them: a write to one part leaves the others. */
export const keeping = (next: ApiObject, before: ApiObject, ...names: readonly string[]): ApiObject =>
  names.reduce((object, name) => withField(object, name, () => before[name]), next);

/** Whether `spec` is another: what generations count for most kinds. */
export const changesSpec = (next: ApiObject, before: ApiObject): boolean =>
  !equivalent(next["spec"], before["spec"]);
