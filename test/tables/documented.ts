// Statuses that Kubernetes' documentation shows a real kubelet to report, page by page (kubernetes.io/docs). Names, images and
// times are the pages' own; what a page leaves out ("…") is not looked at.
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { PodStatus } from "../../core/kubernetes/pod_status.ts";
import type { PodMemory } from "../../core/pod/memory.ts";
import type { ContainerState, ObservedContainer, ObservedPod } from "../../core/pod/observed.ts";
import type { PodPolicy } from "../../core/pod/policy.ts";
import { at, container, epoch } from "../tools/containers.ts";
import { deleted, holds, pod, time } from "../tools/pods.ts";

/** What a page shows. All looks are at 100 s; the pod was accepted at 1 s. */
export interface Documented {
  readonly page: string;
  /** Which kinds of back end are looked at; both when absent. */
  readonly kind?: PodPolicy["kind"];
  readonly pod: Pod;
  readonly observed: ObservedPod | undefined;
  readonly memory?: Partial<PodMemory>;
  /** What the page shows of the status. */
  readonly status: PodStatus;
}

const seen = (
  name: string,
  state: ContainerState,
  more: Partial<ObservedContainer> = {},
): ObservedContainer => ({
  name,
  state,
  restartCount: 0,
  ...more,
});

const runs = (from: number): ContainerState => ({ _tag: "Running", startedAt: epoch + from * 1000 });

const ended = (
  exitCode: number,
  from: number,
  to: number,
  reason?: string,
  message?: string,
): ContainerState => ({
  _tag: "Terminated",
  exitCode,
  reason,
  message,
  startedAt: epoch + from * 1000,
  finishedAt: epoch + to * 1000,
});

const condition = (type: string, status: string, reason?: string, message?: string) => ({
  type,
  status,
  ...(reason === undefined ? {} : { reason }),
  ...(message === undefined ? {} : { message }),
});

const scheduled = { type: "PodScheduled", status: "True", lastTransitionTime: time(1) };

const nginx: Documented = {
  page: "Debug Running Pods: a pod of a Deployment, as YAML",
  pod: pod({
    apps: [container("nginx", { image: "nginx" })],
    spec: { restartPolicy: "Always" },
    status: { phase: "Pending", conditions: [scheduled] },
  }),
  observed: holds([
    seen("nginx", runs(5), {
      id: "containerd://5403af59",
      image: "docker.io/library/nginx:latest",
      imageID: "docker.io/library/nginx@sha256:2834dc50",
    }),
  ], { hostIP: "192.168.0.113", podIPs: ["10.88.0.3", "2001:db8::1"] }),
  status: {
    phase: "Running",
    startTime: time(1),
    hostIP: "192.168.0.113",
    podIP: "10.88.0.3",
    podIPs: [{ ip: "10.88.0.3" }, { ip: "2001:db8::1" }],
    conditions: [
      condition("Initialized", "True"),
      condition("Ready", "True"),
      condition("ContainersReady", "True"),
    ],
    containerStatuses: [{
      name: "nginx",
      image: "docker.io/library/nginx:latest",
      imageID: "docker.io/library/nginx@sha256:2834dc50",
      containerID: "containerd://5403af59",
      ready: true,
      restartCount: 0,
      started: true,
      state: { running: { startedAt: time(5) } },
    }],
  },
};

const busybox = (name: string) => container(name, { image: "busybox:1.28" });

const myapp = pod({
  apps: [busybox("myapp-container")],
  spec: { initContainers: [busybox("init-myservice"), busybox("init-mydb")], restartPolicy: "Always" },
  status: { conditions: [scheduled] },
});

const initializing: Documented = {
  page: "Init Containers: Init containers in use, kubectl describe",
  pod: myapp,
  observed: holds([seen("init-myservice", runs(13), { id: "docker://5ced34a04634" })]),
  memory: { containers: { "init-myservice": { started: 0 } } },
  status: {
    phase: "Pending",
    conditions: [
      condition(
        "Initialized",
        "False",
        "ContainersNotInitialized",
        "containers with incomplete status: [init-myservice init-mydb]",
      ),
      condition("Ready", "False", "ContainersNotReady", "containers with unready status: [myapp-container]"),
    ],
    initContainerStatuses: [
      {
        name: "init-myservice",
        image: "busybox:1.28",
        imageID: "",
        containerID: "docker://5ced34a04634",
        ready: false,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: time(13) } },
      },
      {
        name: "init-mydb",
        image: "busybox:1.28",
        imageID: "",
        ready: false,
        started: false,
        restartCount: 0,
        state: { waiting: { reason: "PodInitializing" } },
      },
    ],
    containerStatuses: [{
      name: "myapp-container",
      image: "busybox:1.28",
      imageID: "",
      ready: false,
      started: false,
      restartCount: 0,
      state: { waiting: { reason: "PodInitializing" } },
    }],
  },
};

const crashingInit: Documented = {
  page: "Debug Init Containers: Getting details about Init Containers",
  kind: "containers",
  pod: myapp,
  observed: holds([
    seen("init-myservice", ended(0, 10, 20), { id: "docker://1" }),
    seen("init-mydb", ended(1, 90, 95), { id: "docker://2", restartCount: 3 }),
  ]),
  status: {
    phase: "Pending",
    initContainerStatuses: [
      {
        name: "init-myservice",
        image: "busybox:1.28",
        imageID: "",
        containerID: "docker://1",
        ready: true,
        started: false,
        restartCount: 0,
        state: {
          terminated: {
            exitCode: 0,
            reason: "Completed",
            startedAt: time(10),
            finishedAt: time(20),
            containerID: "docker://1",
          },
        },
      },
      {
        name: "init-mydb",
        image: "busybox:1.28",
        imageID: "",
        containerID: "docker://2",
        ready: false,
        started: false,
        restartCount: 3,
        state: {
          waiting: {
            reason: "CrashLoopBackOff",
            message: "back-off 40s restarting failed container=init-mydb pod=web_shop(u-1)",
          },
        },
        lastState: {
          terminated: {
            exitCode: 1,
            reason: "Error",
            startedAt: time(90),
            finishedAt: time(95),
            containerID: "docker://2",
          },
        },
      },
    ],
  },
};

const stress = (container_: ObservedContainer, status: PodStatus): Pick<Documented, "pod" | "observed"> => ({
  pod: pod({ apps: [container("memory-demo-2-ctr", { image: "polinux/stress" })], status }),
  observed: holds([container_]),
});

const oom = {
  containerID: "docker://65183c18",
  exitCode: 137,
  reason: "OOMKilled",
  startedAt: time(10),
  finishedAt: time(20),
};

const outOfMemory: readonly Documented[] = [
  {
    page: "Assign Memory Resources: a container that exceeds its limit is killed (STATUS OOMKilled)",
    kind: "pods",
    ...stress(seen("memory-demo-2-ctr", ended(137, 10, 20, "OOMKilled"), { id: "docker://65183c18" }), {
      conditions: [scheduled],
    }),
    status: {
      phase: "Running",
      containerStatuses: [{
        name: "memory-demo-2-ctr",
        image: "polinux/stress",
        imageID: "",
        containerID: "docker://65183c18",
        ready: false,
        started: false,
        restartCount: 0,
        state: { terminated: oom },
      }],
    },
  },
  {
    page: "Assign Memory Resources: the container was restarted (STATUS Running), and lastState tells why",
    ...stress(seen("memory-demo-2-ctr", runs(40), { id: "docker://66a3a20a", restartCount: 1 }), {
      phase: "Running",
      conditions: [scheduled],
      containerStatuses: [{
        name: "memory-demo-2-ctr",
        image: "polinux/stress",
        imageID: "",
        containerID: "docker://65183c18",
        ready: false,
        restartCount: 0,
        state: { terminated: oom },
      }],
    }),
    status: {
      phase: "Running",
      containerStatuses: [{
        name: "memory-demo-2-ctr",
        image: "polinux/stress",
        imageID: "",
        containerID: "docker://66a3a20a",
        ready: true,
        started: true,
        restartCount: 1,
        state: { running: { startedAt: time(40) } },
        lastState: { terminated: oom },
      }],
    },
  },
];

const terminationMessage: Documented = {
  page:
    "Determine the Reason for Pod Failure: the termination message, of a container that waits for its restart",
  kind: "containers",
  pod: pod({
    apps: [container("termination-demo-container", { image: "debian" })],
    status: { conditions: [scheduled] },
  }),
  observed: holds([
    seen("termination-demo-container", ended(0, 80, 95, undefined, "Sleep expired\n"), {
      id: "docker://3",
      restartCount: 1,
    }),
  ]),
  status: {
    phase: "Running",
    containerStatuses: [{
      name: "termination-demo-container",
      image: "debian",
      imageID: "",
      containerID: "docker://3",
      ready: false,
      started: false,
      restartCount: 1,
      state: {
        waiting: {
          reason: "CrashLoopBackOff",
          message: "back-off 10s restarting failed container=termination-demo-container pod=web_shop(u-1)",
        },
      },
      lastState: {
        terminated: {
          exitCode: 0,
          reason: "Completed",
          message: "Sleep expired\n",
          startedAt: time(80),
          finishedAt: time(95),
          containerID: "docker://3",
        },
      },
    }],
  },
};

const gate = "www.example.com/feature-1";

const notReady: Documented = {
  page: "Pod Lifecycle: Pod readiness, a gate that is shut",
  pod: pod({
    spec: { readinessGates: [{ conditionType: gate }] },
    status: { conditions: [scheduled, { type: gate, status: "False" }] },
  }),
  observed: holds([seen("a", runs(5), { id: "docker://abcd" })]),
  status: {
    phase: "Running",
    conditions: [
      condition(
        "Ready",
        "False",
        "ReadinessGatesNotReady",
        `the status of pod readiness gate "${gate}" is not "True", but False`,
      ),
      condition("ContainersReady", "True"),
    ],
  },
};

const withoutSandbox: Documented = {
  page:
    "Pod Lifecycle: Pod network readiness, nothing has begun; without init containers it is Initialized before",
  kind: "pods",
  pod: pod({ status: { conditions: [scheduled] } }),
  observed: holds([]),
  status: {
    phase: "Pending",
    conditions: [condition("PodReadyToStartContainers", "False"), condition("Initialized", "True")],
  },
};

const noImage: Documented = {
  page: "Images: ImagePullBackOff",
  pod: pod({ status: { conditions: [scheduled] } }),
  observed: holds([
    seen("a", { _tag: "Waiting", reason: "ImagePullBackOff", message: 'Back-off pulling image "v1"' }),
  ]),
  memory: { containers: { a: { started: 0 } } },
  status: {
    phase: "Pending",
    containerStatuses: [{
      name: "a",
      image: "v1",
      imageID: "",
      ready: false,
      started: false,
      restartCount: 0,
      state: { waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "v1"' } },
    }],
  },
};

const completed: Documented = {
  page: "Pod Lifecycle: Pod phase, all containers have terminated in success and will not be restarted",
  pod: pod({ spec: { restartPolicy: "Never" }, status: { conditions: [scheduled] } }),
  observed: holds([seen("a", ended(0, 10, 20), { id: "docker://4" })]),
  status: {
    phase: "Succeeded",
    conditions: [
      condition("PodReadyToStartContainers", "False"),
      condition("Initialized", "True", "PodCompleted"),
      condition("Ready", "False", "PodCompleted"),
      condition("ContainersReady", "False", "PodCompleted"),
    ],
  },
};

const sidecarJob: Documented = {
  page: "Sidecar Containers: Jobs with sidecar containers, whose exit does not keep the pod from its success",
  pod: pod({
    spec: {
      restartPolicy: "Never",
      initContainers: [container("logshipper", { restartPolicy: "Always" })],
    },
    status: { phase: "Running", conditions: [scheduled] },
  }),
  observed: holds([seen("logshipper", ended(143, 10, 30)), seen("a", ended(0, 10, 20))]),
  status: { phase: "Succeeded" },
};

const evicted: Documented = {
  page: "Node-pressure Eviction: the phase of an evicted pod is Failed, and its reason says so",
  kind: "pods",
  pod: pod({ status: { phase: "Running", conditions: [scheduled] } }),
  observed: holds([seen("a", ended(137, 10, 20))], {
    failed: true,
    reason: "Evicted",
    message: "The node was low on resource: memory.",
  }),
  status: {
    phase: "Failed",
    reason: "Evicted",
    message: "The node was low on resource: memory.",
    conditions: [
      condition("Ready", "False", "PodFailed"),
      condition("ContainersReady", "False", "PodFailed"),
    ],
  },
};

const deadline: Documented = {
  page: "Jobs: Job termination and cleanup, activeDeadlineSeconds; the reason and message are the kubelet's",
  kind: "containers",
  pod: pod({
    spec: { activeDeadlineSeconds: 60 },
    status: { phase: "Running", startTime: time(1), conditions: [scheduled] },
  }),
  observed: holds([seen("a", ended(143, 10, 70))]),
  memory: { kill: { at: 91_000, graceMs: 30_000 } },
  status: {
    phase: "Failed",
    reason: "DeadlineExceeded",
    message: "Pod was active on the node longer than the specified deadline",
    startTime: time(1),
  },
};

const deletion = (exitCode: number, phase: string): Documented => ({
  page: `Pod Lifecycle: Pod phase, a deleted pod ends as ${phase} by its containers' exit statuses`,
  kind: "containers",
  pod: pod({ ...deleted(30, 90), status: { phase: "Running", conditions: [scheduled] } }),
  observed: holds([seen("a", ended(exitCode, 10, 95))]),
  status: { phase },
});

const lost: Documented = {
  page: "Pod Lifecycle: a pod with a given UID is never run again, only replaced",
  pod: pod({ status: { phase: "Running", conditions: [scheduled] } }),
  observed: undefined,
  memory: { missingSince: 90_000 },
  status: {
    phase: "Failed",
    reason: "NotFound",
    message: "The back end no longer has this pod, which it had been running; it is not started again",
    containerStatuses: [{
      name: "a",
      image: "v1",
      imageID: "",
      ready: false,
      started: false,
      restartCount: 0,
      state: {
        terminated: {
          exitCode: 137,
          reason: "ContainerStatusUnknown",
          message: "The container could not be located when the pod was terminated",
        },
      },
    }],
  },
};

export const documented: readonly Documented[] = [
  nginx,
  initializing,
  crashingInit,
  ...outOfMemory,
  terminationMessage,
  notReady,
  withoutSandbox,
  noImage,
  completed,
  sidecarJob,
  evicted,
  deadline,
  deletion(0, "Succeeded"),
  deletion(143, "Failed"),
  lost,
];

/** What is remembered of every one of these pods. */
export const acceptedAt: PodMemory["accepted"] = at(1);
