import type { KeyPair } from "./pki.ts";

/** How this server shows itself to nodes, and what it believes of them. */
export interface DialOptions {
  /** Its client certificate. */
  readonly credentials: KeyPair;
  /** The CA of the nodes' serving certificates. Without it they are not verified, as with the real server's defaults. */
  readonly nodeCa?: string;
  /** Until a node is connected. Default 10 s. */
  readonly connectMs?: number;
}
