import { availableParallelism, totalmem } from "node:os";
import type { NodeFacts } from "../../../core/event.ts";
import type { ResourceList } from "../../../core/kubernetes/node.ts";

/** The machine's processors and memory, and 110 pods as the kubelet has it; `capacity` is laid over it. */
export const nodeFacts = (capacity: ResourceList | undefined, address: string | undefined): NodeFacts => ({
  capacity: {
    cpu: String(availableParallelism()),
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    pods: "110",
    ...capacity,
  },
  ...address === undefined ? {} : { addresses: [{ type: "InternalIP", address }] },
});
