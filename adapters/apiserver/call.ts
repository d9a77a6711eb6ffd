import type { Either } from "fp-ts/lib/Either.js";
import type { Now } from "../../core/time.ts";
import type { ApiError } from "./api_error.ts";
import type { Kind } from "./kind.ts";
import type { ApiObject, JsonObject } from "./object.ts";
import type { ServerRequest } from "./request.ts";
import type { Change, ServerResponse } from "./response.ts";
import type { ServerState } from "./state.ts";
import type { User } from "./user.ts";
import type { Verb } from "./verb.ts";

/** A request that was understood, authenticated and authorized. */
export interface Call {
  readonly state: ServerState;
  readonly request: ServerRequest;
  readonly user: User;
  readonly now: Now;
  readonly kind: Kind;
  readonly verb: Verb;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  /** What follows the subresource (`proxy/healthz` gives `/healthz`), still encoded. */
  readonly rest: string;
  readonly dryRun: boolean;
}

/** What came of a call. `changes` are the writes it made, in order; `state` has them. */
export interface Done {
  readonly state: ServerState;
  readonly response: ServerResponse;
  readonly changes: readonly Change[];
}

export type Outcome = Either<ApiError, Done>;

/**
 * A kind or a subresource with a manner of its own. They are named by `resource` or `resource/subresource` (`pods/binding`,
 * `tokenreviews.authentication.k8s.io`). `object` is what the path names, absent when it names none.
 */
export type Custom = (call: Call, body: JsonObject | undefined, object: ApiObject | undefined) => Outcome;
