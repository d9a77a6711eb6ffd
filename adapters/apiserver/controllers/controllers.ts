import type { Controller } from "./controller.ts";
import { csrApproval } from "./csr_approval.ts";
import { garbageCollection } from "./garbage_collection.ts";
import { namespaceBasics } from "./namespace_basics.ts";
import { namespaceDeletion } from "./namespace_deletion.ts";
import { nodeLifecycle } from "./node_lifecycle.ts";
import { podGc } from "./pod_gc.ts";
import { scheduler } from "./scheduler/scheduler.ts";
import { taintEviction } from "./taint_eviction.ts";

/** A controller of whose memory nothing is known: it is only ever given back what it gave. */
const hidden = <Memory>(controller: Controller<Memory>): Controller<unknown> =>
  controller as Controller<unknown>;

/** The few without which nothing runs, in the order in which they are called. */
export const controllers: readonly Controller<unknown>[] = [
  hidden(namespaceBasics),
  hidden(nodeLifecycle),
  hidden(taintEviction),
  hidden(scheduler),
  hidden(podGc),
  hidden(namespaceDeletion),
  hidden(garbageCollection),
  hidden(csrApproval),
];
