import type { Millis } from "../../core/time.ts";

/** What an agent asks of a back end. */
export interface Ask {
  readonly call: "create" | "update" | "files" | "delete" | "start" | "stop" | "remove" | "list" | "ping";
  /** Empty for what is about no pod. */
  readonly uid: string;
  readonly container?: string;
  readonly graceMs?: Millis;
  /** Names the spec that it is asked for: what was refused for it is not to be asked again. */
  readonly spec?: string;
}

/** How an ask ended for the one who asked. */
export type Heard =
  | { readonly _tag: "Done" }
  | { readonly _tag: "Failed"; readonly error: unknown }
  /** It was not waited for any longer. */
  | { readonly _tag: "GivenUp" };

/** What is told of an ask: that it was made; the function that comes back is called when it has ended. */
export type OnAsk = (ask: Ask) => (heard: Heard) => void;
