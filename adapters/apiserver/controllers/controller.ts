import type { Millis, Now } from "../../../core/time.ts";
import { keyOf, objectAt } from "../objects.ts";
import type { ServerRequest } from "../request.ts";
import type { Change } from "../response.ts";
import { objectsOf, type ServerState } from "../state.ts";
import type { PodsByNode } from "./pods_by_node.ts";
import type { ControlSettings } from "./settings.ts";

/** What a controller looks at. */
export interface View {
  readonly state: ServerState;
  /** The pods of `state` by the node that they are bound to. */
  readonly pods: PodsByNode;
  readonly settings: ControlSettings;
}

/** A request, and the controller that wants it. */
export interface Asked {
  readonly controller: string;
  readonly request: ServerRequest;
}

export interface Step<Memory> {
  readonly memory: Memory;
  /** What is to be asked of the server, in this order; all of it is answered before the controller is called again. */
  readonly requests: readonly ServerRequest[];
  /** When to call again though nothing has changed, on the steady clock. */
  readonly wakeAt?: Millis | undefined;
}

/**
 * A loop of a control plane as a pure function. It is told the changes since its last call (at the start, and after a request
 * of its that was refused, everything as `ADDED`), so that what did not change costs nothing. `memory` is losable: begun anew
 * with `start` it comes to the same end, at the latest as much later as it waits for something. When there is nothing to do it
 * asks for nothing.
 */
export interface Controller<Memory> {
  readonly name: string;
  /** The resources whose changes it is told, as in `Change`; `"*"` is all of them. */
  readonly looksAt: readonly string[] | "*";
  readonly start: Memory;
  readonly reconcile: (
    memory: Memory,
    view: View,
    changes: readonly Change[],
    now: Now,
  ) => Step<Memory>;
}

/** Whether what a change tells is still so: it may be one of several of its object. */
export const isLatest = (state: ServerState, { resource, type, object }: Change): boolean =>
  type !== "DELETED" &&
  objectAt(objectsOf(state, resource), keyOf(object.metadata.namespace, object.metadata.name)) === object;
