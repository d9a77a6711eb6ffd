import type { User } from "./user.ts";

/** A request as a value. `path` is as on the wire (percent-encoded, without the query). */
export interface ServerRequest {
  readonly method: string;
  readonly path: string;
  /** Decoded; a name that is given twice has two values. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text of the body: JSON, or YAML where the API takes it. */
  readonly body?: string;
  /** Known without a token: by a client certificate, or because the caller is a part of the server. */
  readonly user?: User;
}
