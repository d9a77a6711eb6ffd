import type { ApiError } from "../../api_error.ts";
import type { Kind } from "../../kind.ts";
import type { ApiObject, JsonObject } from "../../object.ts";

/** A write before it is done. */
export interface Write {
  readonly operation: "CREATE" | "UPDATE" | "DELETE";
  readonly kind: Pick<Kind, "group" | "plural">;
  readonly subresource: string;
  /** "" for what has none. */
  readonly namespace: string;
  /** "" when a creation has none yet. */
  readonly name: string;
  /** As it shall be; absent on a deletion. */
  readonly object?: JsonObject;
  /** As it is; absent on a creation. */
  readonly before?: ApiObject;
}

/** Why a write is refused: the words of a 403, or another error. */
export type Fault = string | ApiError | undefined;

/** Text as it stands in messages. */
export const quote = (text: string): string => JSON.stringify(text);
