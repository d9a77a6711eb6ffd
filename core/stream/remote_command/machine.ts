import type { CommandOutcome } from "./outcome.ts";
import type { TerminalSize } from "./sizes.ts";
import type { WireEvent } from "../wire.ts";

/** What a client's end of a command wants. */
export type CommandEvent =
  /** All streams are there: the command may begin. Told once. */
  | { readonly _tag: "Ready" }
  | { readonly _tag: "Stdin"; readonly bytes: Uint8Array }
  | { readonly _tag: "StdinEnded" }
  | { readonly _tag: "Resized"; readonly size: TerminalSize }
  | WireEvent;

export type CommandStep<S> = readonly [S, readonly CommandEvent[]];

/** The output channels of a command. */
export type OutputChannel = "stdout" | "stderr";

/** A server's end of one command, over some transport: from a state and what happened to the next state and what is to be done. */
export interface CommandMachine<S> {
  readonly start: CommandStep<S>;
  /** Bytes of a SPDY connection, cut anywhere, or one WebSocket message (text as UTF-8). */
  received(state: S, data: Uint8Array): CommandStep<S>;
  output(state: S, channel: OutputChannel, bytes: Uint8Array): CommandStep<S>;
  /** The command has ended, and all its output was given. */
  finish(state: S, outcome: CommandOutcome): CommandStep<S>;
  /** The time for the client to open its streams is over. */
  late(state: S): CommandStep<S>;
}
