// A worker for workerd: the pure core decides inside it, and a node lives in it. It throws when something is not as it
// should be.
import {
  absent,
  decodePod,
  emptyPodMemory,
  kyApi,
  memoryProvider,
  present,
  reconcilePod,
  startVirtualNode,
} from "../../mod.ts";
import { runMemoryNode } from "./memory_node.ts";

const check = (condition: boolean, what: string): void => {
  if (!condition) throw new Error(`edge: ${what}`);
};

const podJson = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { namespace: "default", name: "web", uid: "3f1c", resourceVersion: "7" },
  spec: { nodeName: "edge", containers: [{ name: "main", image: "web:1" }] },
};

const reconcile = (): void => {
  const pod = decodePod(podJson);
  if (pod._tag === "Left") throw new Error(`edge: the pod was not read: ${pod.left.problems.join(", ")}`);
  const now = { mono: 0, wall: Date.UTC(2026, 0, 1) };
  const plan = reconcilePod(present(pod.right), absent, emptyPodMemory, now);
  check(plan.actions.some((action) => action._tag === "CreatePod"), `no CreatePod: ${JSON.stringify(plan)}`);
};

export default {
  async test(): Promise<void> {
    reconcile();
    await runMemoryNode({ kyApi, memoryProvider, startVirtualNode });
  },
};
