import type { Taint } from "../../../core/kubernetes/node.ts";
import { emptyTable, insertAt, lookup, removeAt, type Table } from "../../../core/table.ts";
import type { Millis, Now } from "../../../core/time.ts";
import { type Deadlines, nextDeadline, popDeadline, pushDeadline } from "../../../core/deadlines.ts";
import type { ApiObject } from "../object.ts";
import { keyOf, objectAt } from "../objects.ts";
import type { ServerRequest } from "../request.ts";
import { objectsOf, type ServerState } from "../state.ts";
import { controllerManager, podPath, remove, strategicPatch, tell } from "./ask.ts";
import type { Controller, View } from "./controller.ts";
import { taintsOf } from "./node_facts.ts";
import { disruptionTarget } from "./disruption_target.ts";
import { nodeNameOf, podsOfNode } from "./pods_by_node.ts";
import { secondsTolerated, tolerationsOf } from "./tolerations.ts";

/** A pod on a node that it tolerates for a while only. */
interface Notice {
  readonly uid: string;
  readonly since: Millis;
  readonly at: Millis;
}

interface Memory {
  readonly notices: Table<Notice>;
  readonly deadlines: Deadlines;
}

const component = "taint-eviction-controller";

const isExecuting = ({ effect }: Taint): boolean => effect === "NoExecute";

const keyOfPod = ({ metadata }: ApiObject): string => keyOf(metadata.namespace, metadata.name);

const evicted = (pod: ApiObject, state: ServerState, now: Now): readonly ServerRequest[] => {
  const { uid } = pod.metadata, path = podPath(pod);
  const message = `Marking for deletion Pod ${keyOfPod(pod)}`;
  const condition = disruptionTarget(
    pod,
    "DeletionByTaintManager",
    "Taint manager: deleting due to NoExecute taint",
    now,
  );
  return [
    tell(component, { about: pod, type: "Normal", reason: "TaintManagerEviction", message }, state, now),
    strategicPatch(controllerManager, `${path}/status`, {
      metadata: { uid },
      status: { conditions: [condition] },
    }),
    remove(controllerManager, path, { preconditions: { uid } }),
  ];
};

interface Judged {
  readonly memory: Memory;
  readonly requests: readonly ServerRequest[];
}

const without = (memory: Memory, key: string): Memory => {
  const notices = removeAt(memory.notices, key);
  return notices === memory.notices ? memory : { ...memory, notices };
};

/** Lets a pod stay, gives it notice, or evicts it. Time that it was given before counts. */
const judge = (memory: Memory, pod: ApiObject, { state }: View, now: Now): Judged => {
  const node = objectAt(objectsOf(state, "nodes"), nodeNameOf(pod)), key = keyOfPod(pod);
  const taints = node === undefined ? [] : taintsOf(node).filter(isExecuting);
  const seconds = taints.length === 0 || pod.metadata.deletionTimestamp !== undefined
    ? undefined
    : secondsTolerated(tolerationsOf(pod), taints);
  if (seconds === undefined) return { memory: without(memory, key), requests: [] };
  const { uid } = pod.metadata, before = lookup(memory.notices, key);
  const since = before?.uid === uid ? before.since : now.mono, at = since + seconds * 1000;
  if (at <= now.mono) return { memory: without(memory, key), requests: evicted(pod, state, now) };
  if (before?.uid === uid && before.at === at) return { memory, requests: [] };
  const notices = insertAt(memory.notices, key, { uid, since, at });
  return { memory: { notices, deadlines: pushDeadline(memory.deadlines, at, key) }, requests: [] };
};

/** The pods whose time is over, and the memory without their deadlines. */
const overdue = (
  { notices, deadlines: before }: Memory,
  now: Now,
): { readonly memory: Memory; readonly keys: readonly string[] } => {
  const keys: string[] = [];
  let deadlines = before;
  for (let next = nextDeadline(deadlines); next !== undefined; next = nextDeadline(deadlines)) {
    // a notice that was changed or taken back leaves its deadline behind
    const isMeant = lookup(notices, next.key)?.at === next.at;
    if (isMeant && next.at > now.mono) break;
    if (isMeant) keys.push(next.key);
    deadlines = popDeadline(deadlines);
  }
  return { memory: { notices, deadlines }, keys };
};

/** Deletes the pods that do not tolerate a `NoExecute` taint of their node, or not for longer. */
export const taintEviction: Controller<Memory> = {
  name: "taint-eviction",
  looksAt: ["nodes", "pods"],
  start: { notices: emptyTable, deadlines: undefined },
  reconcile: (before, view, changes, now) => {
    const due = overdue(before, now);
    let { memory } = due;
    const keys = new Set(due.keys);
    for (const { resource, type, object, previous } of changes) {
      if (resource === "pods") keys.add(keyOfPod(object));
      else if (type === "ADDED" || type === "DELETED" || previous?.["spec"] !== object["spec"]) {
        const had = previous !== undefined && taintsOf(previous).some(isExecuting);
        if (!had && !taintsOf(object).some(isExecuting)) continue;
        for (const pod of podsOfNode(view.pods, object.metadata.name)) keys.add(keyOfPod(pod));
      }
    }
    const requests: ServerRequest[] = [];
    for (const key of keys) {
      const pod = objectAt(objectsOf(view.state, "pods"), key);
      if (pod === undefined) memory = without(memory, key);
      else {
        const judged = judge(memory, pod, view, now);
        memory = judged.memory;
        requests.push(...judged.requests);
      }
    }
    return { memory, requests, wakeAt: nextDeadline(memory.deadlines)?.at };
  },
};
