/**
 * An upgrade request as the `upgrade` event of Node's `http.Server` brings it. Its types are Node's, and not named here:
 * these declarations are also read in projects that do not have them.
 */
export interface StreamUpgrade {
  /** `http.IncomingMessage` */
  readonly incoming: unknown;
  /** `stream.Duplex` */
  readonly socket: unknown;
  readonly head: Uint8Array;
  /** Aborts when the connection or the server ends. */
  readonly signal: AbortSignal;
}
