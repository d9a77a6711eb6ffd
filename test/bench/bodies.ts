// What the floor and the raw loop send: the fields that our agent sends, so that the API server has the same work.

export const podsPath = "/api/v1/namespaces/default/pods";
export const strategicMerge = "application/strategic-merge-patch+json";
const manager = "?fieldManager=virtual-kubelet";

export const statusPath = (pod: string): string => `${podsPath}/${pod}/status${manager}`;

const nowText = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

const conditions = (ready: boolean, reason: string | undefined, at: string): readonly unknown[] => {
  const condition = (type: string, isTrue: boolean): unknown => ({
    type,
    status: isTrue ? "True" : "False",
    reason: isTrue ? undefined : reason,
    lastTransitionTime: at,
  });
  return [
    condition("PodReadyToStartContainers", ready),
    condition("Initialized", true),
    condition("Ready", ready),
    condition("ContainersReady", ready),
    condition("PodScheduled", true),
  ];
};

const statusOf = (
  uid: string,
  resourceVersion: string | undefined,
  phase: string,
  reason: string | undefined,
  state: unknown,
  at: string,
): string => {
  const running = phase === "Running";
  return JSON.stringify({
    metadata: { uid, resourceVersion },
    status: {
      phase,
      startTime: at,
      hostIP: "127.0.0.1",
      hostIPs: [{ ip: "127.0.0.1" }],
      podIP: "10.0.0.1",
      podIPs: [{ ip: "10.0.0.1" }],
      observedGeneration: running ? 1 : 2,
      containerStatuses: [{
        name: "main",
        image: "bench:1",
        imageID: "",
        containerID: `memory://${uid}/main/0`,
        ready: running,
        started: running,
        restartCount: 0,
        state,
      }],
      conditions: conditions(running, reason, at),
    },
  });
};

/** The PATCH that tells that a pod runs. */
export const runningStatus = (uid: string, resourceVersion?: string): string => {
  const at = nowText();
  return statusOf(uid, resourceVersion, "Running", undefined, { running: { startedAt: at } }, at);
};

/** The PATCH that tells that a pod has ended. */
export const endedStatus = (uid: string, resourceVersion?: string): string => {
  const at = nowText();
  const terminated = { exitCode: 0, reason: "Completed", startedAt: at, finishedAt: at };
  return statusOf(
    uid,
    resourceVersion,
    "Succeeded",
    "PodCompleted",
    { terminated: { ...terminated, containerID: `memory://${uid}/main/0` } },
    at,
  );
};

/** The body of the DELETE that removes the object. */
export const finalDelete = (uid: string): string =>
  JSON.stringify({ kind: "DeleteOptions", apiVersion: "v1", gracePeriodSeconds: 0, preconditions: { uid } });

/** One pod of the benchmark, bound to its node. */
export const podBody = (node: string, index: number): unknown => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: `${node}-${index}`, labels: { app: "bench", node } },
  spec: {
    nodeName: node,
    terminationGracePeriodSeconds: 1,
    tolerations: [{ operator: "Exists" }],
    containers: [{ name: "main", image: "bench:1" }],
  },
});
