import type { Either } from "fp-ts/lib/Either.js";
import type { Millis, Now } from "../../core/time.ts";
import type { ApiError, Cause } from "./api_error.ts";
import type { ApiObject, Json } from "./object.ts";
import type { ServerSettings, ServerState } from "./state.ts";
import type { User } from "./user.ts";
import type { Verb } from "./verb.ts";

/** What a kind's rules may look at beside the object. */
export interface Context {
  readonly state: ServerState;
  readonly user: User;
  readonly now: Now;
  readonly dryRun: boolean;
}

/** A column of `metav1.Table`; priority 0 is always shown, 1 with `-o wide`. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "date" | "boolean";
  readonly format: string;
  readonly priority: 0 | 1;
  readonly description: string;
}

/** A path below an object. Without a `Custom` it reads and writes the object through `onUpdate`. */
export interface Subresource {
  readonly verbs: readonly Verb[];
  /** Kind and version of what is sent and answered, when it is not the object's own (`Eviction`, `policy/v1`). */
  readonly kind?: string;
  readonly apiVersion?: string;
  /** Further versions that clients of long ago send. */
  readonly formerVersions?: readonly string[];
}

/** A kind that is served: everything in which it differs from the others. */
export interface Kind {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  readonly subresources: Readonly<Record<string, Subresource>>;
  /** Field selectors beside `metadata.name` and `metadata.namespace`: the selectable text of an object. */
  readonly fields: Readonly<Record<string, (object: ApiObject) => string>>;
  /** Of tables; `cells` gives one value for each. */
  readonly columns: readonly Column[];
  readonly cells: (object: ApiObject, now: Now) => readonly Json[];
  /** Whether `metadata.generation` counts changes of what is desired: `isDesired` says whether it changed. */
  readonly changesDesired?: (next: ApiObject, before: ApiObject) => boolean;
  /** Fills in what the API documents as defaults, on create and on update. */
  readonly defaults: (object: ApiObject) => ApiObject;
  /**
   * Makes a new object ready to be stored: drops what users do not set (status), admits (fills in a service account,
   * tolerations, a token volume), or refuses.
   */
  readonly onCreate: (object: ApiObject, context: Context) => Either<ApiError, ApiObject>;
  /** Makes a changed object ready: takes from `before` what this write does not reach. "" is the object itself. */
  readonly onUpdate: (
    next: ApiObject,
    before: ApiObject,
    subresource: string,
    context: Context,
  ) => Either<ApiError, ApiObject>;
  /** Every fault of an object, after defaults; `before` on an update. */
  readonly validate: (
    object: ApiObject,
    before: ApiObject | undefined,
    subresource: string,
  ) => readonly Cause[];
  /**
   * The grace period in seconds that a deletion gives the object: 0 removes it once it has no finalizers. Absent: 0.
   * `asked` is `gracePeriodSeconds` of the request.
   */
  readonly graceSeconds?: (object: ApiObject, asked: number | undefined) => number;
  /**
   * Where objects are kept when it is with those of another kind (`events.k8s.io` with `events`): the store has `toStored` of what
   * is written, and everything that reads (lists, watches, selectors, this kind's rules and cells) sees `fromStored` of it.
   */
  readonly stored?: {
    readonly resource: string;
    readonly toStored: (object: ApiObject) => ApiObject;
    readonly fromStored: (object: ApiObject) => ApiObject;
  };
  /** What the client is told (`Warning: 299 …`) of an object that was accepted. */
  readonly warnings?: (
    object: ApiObject,
    before: ApiObject | undefined,
    subresource: string,
  ) => readonly string[];
  /** How long an object lives after its last write. Absent: until it is deleted. */
  readonly lifeMs?: (settings: ServerSettings) => Millis;
  /** Asked and never stored (reviews): a `Custom` answers its creation. */
  readonly virtual?: true;
}

/** `pods`, `leases.coordination.k8s.io`: how objects of a kind are filed. */
export const resourceOf = ({ group, plural }: Pick<Kind, "group" | "plural">): string =>
  group === "" ? plural : `${plural}.${group}`;

/** `v1`, `coordination.k8s.io/v1`. */
export const apiVersionOf = ({ group, version }: Pick<Kind, "group" | "version">): string =>
  group === "" ? version : `${group}/${version}`;
