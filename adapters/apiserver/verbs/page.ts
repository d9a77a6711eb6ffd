import * as E from "fp-ts/lib/Either.js";
import { type ApiError, expired } from "../api_error.ts";
import { answeredList, type Effect } from "../answer.ts";
import type { Call, Done } from "../call.ts";
import { apiVersionOf, type Kind } from "../kind.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { keyOf, objectAt, type Objects, visitAfter } from "../objects.ts";
import { selects, selectsAll } from "../select/select.ts";
import type { Selection } from "../select/selection.ts";
import { fileOf, objectsAtRevision } from "../store.ts";
import { type Continue, continueToken } from "./continue_token.ts";
import type { ListOptions } from "./list_options.ts";

/** A part of a list, in the order of keys. */
export interface Page {
  readonly objects: readonly ApiObject[];
  readonly revision: number;
  /** The key of the last object, when there may be more. */
  readonly next?: string;
  /** How many are left, where that is known: not with a selection. */
  readonly remaining?: number;
}

const tooOld = "The resourceVersion for the provided list is too old.";

/** One can go on with what is there now, if one wants to. */
const tooOldToContinue = ({ after }: Continue): ApiError => ({
  ...expired(
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without " +
      "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. " +
      "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or " +
      "deleted between the time the first chunk was returned and now may show up in the list.",
  ),
  metadata: { continue: continueToken({ after }) },
});

/** The one object that can be selected, where a name is. */
const named = (
  objects: Objects,
  namespace: string | undefined,
  kind: Kind,
  { fields }: Selection,
): readonly ApiObject[] | undefined => {
  const name = fields.find(({ field, operator }) => field === "metadata.name" && operator === "=")?.value;
  if (name === undefined || (kind.namespaced && namespace === undefined)) return undefined;
  const object = objectAt(objects, keyOf(namespace, name));
  return object === undefined ? [] : [object];
};

interface Walk {
  readonly kind: Kind;
  readonly objects: Objects;
  readonly prefix: string;
  readonly after: string;
  readonly selection: Selection;
  readonly limit: number;
}

const walk = ({ kind, objects, prefix, after, selection, limit }: Walk): Omit<Page, "revision"> => {
  const found: ApiObject[] = [];
  const isAll = selectsAll(selection);
  let last: string | undefined, remaining = 0;
  visitAfter(objects, after, (key, stored) => {
    if (!key.startsWith(prefix)) return false;
    if (limit > 0 && found.length === limit) {
      remaining++;
      // with a selection nobody is told how many are left
      return isAll;
    }
    const object = kind.stored === undefined ? stored : kind.stored.fromStored(stored);
    if (isAll || selects(kind, selection, object)) {
      found.push(object);
      last = key;
    }
    return true;
  });
  const isCut = remaining > 0 && last !== undefined;
  return { objects: found, ...(isCut ? { next: last, ...(isAll ? { remaining } : {}) } : {}) };
};

/** The part of a list that is asked for, or 410 when it is of a revision that is forgotten. */
export const pageOf = (call: Call, options: ListOptions): E.Either<ApiError, Page> => {
  const { state, kind, namespace } = call, { from, selection, limit } = options;
  const asked = from === undefined ? options.exactly : from.revision;
  const revision = asked ?? state.revision;
  const objects = objectsAtRevision(state, fileOf(kind), revision);
  if (objects === undefined) return E.left(from === undefined ? expired(tooOld) : tooOldToContinue(from));
  const one = from === undefined ? named(objects, namespace, kind, selection) : undefined;
  if (one !== undefined) {
    const shown = one.map((object) => kind.stored === undefined ? object : kind.stored.fromStored(object));
    return E.right({ objects: shown.filter((object) => selects(kind, selection, object)), revision });
  }
  const prefix = namespace === undefined ? "" : `${namespace}/`;
  const after = from === undefined || !from.after.startsWith(prefix) ? prefix : from.after;
  return E.right({ revision, ...walk({ kind, objects, prefix, after, selection, limit }) });
};

/** `metadata` of a list. */
export const listMeta = ({ revision, next, remaining }: Page): JsonObject => ({
  resourceVersion: `${revision}`,
  ...(next === undefined ? {} : { continue: continueToken({ after: next, revision }) }),
  ...(remaining === undefined ? {} : { remainingItemCount: remaining }),
});

/** As a list: its items do not repeat what they are. */
const listBody = (kind: Kind, page: Page): JsonObject => ({
  kind: `${kind.kind}List`,
  apiVersion: apiVersionOf(kind),
  metadata: listMeta(page),
  items: page.objects.map(({ kind: _, apiVersion: __, ...rest }) => rest),
});

/** Answers with a page, in the form that the request accepts. */
export const answeredPage = (call: Call, effect: Effect, page: Page): Done =>
  answeredList(
    call,
    effect,
    { objects: page.objects, metadata: listMeta(page) },
    () => listBody(call.kind, page),
  );
