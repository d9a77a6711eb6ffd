import * as E from "fp-ts/lib/Either.js";
import type { BadItem, Decode } from "../kubernetes/decode.ts";
import { textWithoutManagedFields } from "./managed_fields.ts";

/** One page of a list. */
export interface Page<A> {
  readonly items: readonly A[];
  readonly bad: readonly BadItem[];
  readonly resourceVersion: string;
  /** The token of the next page; `undefined` on the last one. */
  readonly next: string | undefined;
}

const parse = (json: Uint8Array): unknown => {
  try {
    return JSON.parse(textWithoutManagedFields(json, Infinity));
  } catch {
    return undefined;
  }
};

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? value as Record<string, unknown> : {};

/** Go writes an empty slice as `null`. */
const itemsOf = (body: Readonly<Record<string, unknown>>): readonly unknown[] | undefined =>
  Array.isArray(body.items) ? body.items : body.items === null ? [] : undefined;

/**
 * Reads one page, object by object: one that is bad never loses the others. The left says what is wrong with the page
 * itself. A list of another kind is refused, for it would say that all of ours are gone.
 */
export const decodePage = <A>(
  answer: Uint8Array,
  kind: string,
  decode: Decode<A>,
): E.Either<string, Page<A>> => {
  const json = parse(answer);
  if (json === undefined) return E.left("the answer is not JSON");
  const body = record(json);
  if (body.kind !== `${kind}List`) return E.left(`the answer is not a ${kind}List`);
  const meta = record(body.metadata);
  const resourceVersion = meta.resourceVersion;
  if (typeof resourceVersion !== "string" || resourceVersion === "") {
    return E.left("the list has no metadata.resourceVersion");
  }
  const all = itemsOf(body);
  if (all === undefined) return E.left("the list has no items");
  const items: A[] = [];
  const bad: BadItem[] = [];
  for (const one of all) {
    const decoded = decode(one);
    if (decoded._tag === "Right") items.push(decoded.right);
    else bad.push(decoded.left);
  }
  const next = typeof meta.continue === "string" && meta.continue !== "" ? meta.continue : undefined;
  return E.right({ items, bad, resourceVersion, next });
};
