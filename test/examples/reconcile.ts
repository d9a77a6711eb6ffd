// The pure core, without any cluster: deno run test/examples/reconcile.ts
import { absent, emptyPodMemory, type Pod, present, reconcilePod } from "../../mod.ts"; // elsewhere: "virtual-kubelet"

const pod: Pod = {
  metadata: { name: "web", namespace: "shop", uid: "3d1a", generation: 1 },
  spec: { nodeName: "virtual-1", restartPolicy: "Always", containers: [{ name: "app", image: "nginx" }] },
  status: {},
};
const now = { mono: 0, wall: Date.UTC(2026, 0, 1) };

// the API wants the pod, the provider positively has none: create it
const plan = reconcilePod(present(pod), absent, emptyPodMemory, now);
console.log(plan.why, plan.actions.map((action) => action._tag)); // Create [ "CreatePod" ]

// what the provider has is not known: nothing is done on the strength of that
const careful = reconcilePod(present(pod), { _tag: "Unknown" }, emptyPodMemory, now);
console.log(careful.why, careful.actions.length); // BackendUnknown 0
