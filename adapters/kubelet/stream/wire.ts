import type { Millis } from "../../../core/time.ts";

/** What a {@link Wire} tells. */
export interface WireListener {
  /** Bytes of a connection, or one message. */
  received(data: Uint8Array): void;
  /** The client is gone: nothing is received or sent any more. Told once. */
  gone(): void;
}

/** A connection that a machine speaks over. Nothing throws: what fails ends it. */
export interface Wire {
  /** Begins to tell what comes; nothing is lost before. */
  open(listener: WireListener): void;
  /** Sends bytes or messages. Whoever has much to send waits for {@link room}. */
  send(parts: readonly (Uint8Array | string)[]): void;
  /**
   * Resolves when less is waiting to be sent than a client should be behind; of a connection that ends, not before it has: whoever
   * writes without a pause would else keep its end from being noticed.
   */
  room(): Promise<void>;
  /** The client is not read: soon it can send nothing more. */
  pause(): void;
  resume(): void;
  /** Sends what needs no answer: a client that is gone is noticed by it, even while nothing is read. */
  probe(): void;
  /** Sends nothing more, and waits for the client to close, for {@link lingerMs} at most. */
  close(code: number, reason: string): void;
}

/** How long a client may take to close. Until then what it sends is read: else the end of what it was sent may be lost. */
export const lingerMs: Millis = 10_000;

/** What a client may be behind before it is waited for. */
export const maxWaitingBytes = 1_048_576;
