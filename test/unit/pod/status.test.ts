import { suite } from "uvu";
import * as assert from "uvu/assert";
import { podPhaseOf } from "../../../core/container/phase.ts";
import { viewOf } from "../../../core/container/view.ts";
import type { Pod } from "../../../core/kubernetes/pod.ts";
import type { PodStatus } from "../../../core/kubernetes/pod_status.ts";
import type { ObservedPod } from "../../../core/pod/observed.ts";
import { podStatus, type StatusFacts, statusShowsRun } from "../../../core/pod/status.ts";
import { statusCovered, statusPatch } from "../../../core/pod/status_patch.ts";
import { at, container, ended, running } from "../../tools/containers.ts";
import { holds, pod, time } from "../../tools/pods.ts";

const test = suite("PodStatus from observed facts");

const factsOf = (
  of: Pod,
  observed: ObservedPod | undefined,
  more: Partial<StatusFacts> = {},
): StatusFacts => {
  const views = viewOf(of, observed);
  return {
    pod: of,
    phase: podPhaseOf(of, views, false),
    views,
    observed,
    previous: of.status,
    acceptedAt: at(5).wall,
    hostIP: undefined,
    reason: undefined,
    message: undefined,
    now: at(100),
    ...more,
  };
};

const statusOf = (of: Pod, observed?: ObservedPod, more?: Partial<StatusFacts>): PodStatus =>
  JSON.parse(JSON.stringify(podStatus(factsOf(of, observed, more))));

// Addresses, times, generation

const statusRows: readonly (readonly [string, Partial<PodStatus>, PodStatus])[] = [
  ["startTime is when the pod was accepted", statusOf(pod()), { startTime: time(5) }],
  ["startTime never changes", statusOf(pod({ status: { startTime: time(1) } })), { startTime: time(1) }],
  ["the generation that was handled", statusOf(pod({ meta: { generation: 4 } })), { observedGeneration: 4 }],
  [
    "servers without generations of pods",
    statusOf(pod({ meta: { generation: undefined } })),
    { observedGeneration: undefined },
  ],
  [
    "addresses as told",
    statusOf(pod(), holds([], { podIPs: ["10.0.0.1", "fd::1"], hostIP: "192.0.2.1" }), {
      hostIP: "192.0.2.9",
    }),
    {
      podIP: "10.0.0.1",
      podIPs: [{ ip: "10.0.0.1" }, { ip: "fd::1" }],
      hostIP: "192.0.2.1",
      hostIPs: [{ ip: "192.0.2.1" }],
    },
  ],
  ["no addresses", statusOf(pod()), {
    podIP: undefined,
    podIPs: undefined,
    hostIP: undefined,
    hostIPs: undefined,
  }],
  [
    "the node's address, where the back end tells none",
    statusOf(pod(), holds(), { hostIP: "192.0.2.9" }),
    { hostIP: "192.0.2.9", hostIPs: [{ ip: "192.0.2.9" }], podIP: undefined },
  ],
  [
    "on the host's network",
    statusOf(pod({ spec: { hostNetwork: true } }), holds(), { hostIP: "192.0.2.9" }),
    { podIP: "192.0.2.9", podIPs: [{ ip: "192.0.2.9" }] },
  ],
  [
    "on the host's network, and told otherwise",
    statusOf(pod({ spec: { hostNetwork: true } }), holds([], { podIPs: ["10.0.0.1"] }), {
      hostIP: "192.0.2.9",
    }),
    { podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.1" }] },
  ],
  [
    "addresses of a pod that has ended are kept",
    statusOf(pod({ status: { podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.1" }], hostIP: "192.0.2.1" } })),
    { podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.1" }], hostIP: "192.0.2.1", hostIPs: [{ ip: "192.0.2.1" }] },
  ],
  [
    "an empty list of addresses tells none",
    statusOf(pod({ status: { podIPs: [{ ip: "10.0.0.1" }] } }), holds([], { podIPs: [] })),
    { podIP: "10.0.0.1" },
  ],
  [
    "reason and message",
    statusOf(pod(), holds(), { reason: "Evicted", message: "spot" }),
    { reason: "Evicted", message: "spot" },
  ],
  [
    "what others own is not in it",
    statusOf(pod({ status: { qosClass: "x" } as PodStatus })),
    { qosClass: undefined } as PodStatus,
  ],
  ["no init containers", statusOf(pod()), { initContainerStatuses: undefined }],
];

test("fields of the status", () => {
  for (const [name, status, want] of statusRows) {
    const keys = Object.keys(want) as readonly (keyof PodStatus)[];
    assert.equal(Object.fromEntries(keys.map((key) => [key, status[key]])), want, name);
  }
});

const two = [container("a"), container("b")];

test("container statuses: one for each of the spec, init containers apart, in the spec's order", () => {
  const seen = holds([
    running("b"),
    ended("i", 0, 20, {}, 10),
    running("a", 30, { restartCount: 2 }),
    running("x"),
  ]);
  const { initContainerStatuses, containerStatuses } = statusOf(
    pod({ apps: two, spec: { initContainers: [container("i")] } }),
    seen,
  );
  assert.equal(initContainerStatuses, [{
    name: "i",
    image: "v1",
    imageID: "",
    containerID: "test://i",
    ready: true,
    started: false,
    restartCount: 0,
    state: {
      terminated: {
        exitCode: 0,
        reason: "Completed",
        startedAt: time(10),
        finishedAt: time(20),
        containerID: "test://i",
      },
    },
  }]);
  assert.equal(containerStatuses?.map(({ name, restartCount, state }) => ({ name, restartCount, state })), [
    { name: "a", restartCount: 2, state: { running: { startedAt: time(30) } } },
    { name: "b", restartCount: 0, state: { running: { startedAt: time(0) } } },
  ]);
});

test("a status tells whether something has run", () => {
  const base = { name: "a", image: "", imageID: "", ready: false, restartCount: 0 };
  const terminated = { exitCode: 0 };
  const rows: readonly (readonly [PodStatus, boolean])[] = [
    [{}, false],
    [{ phase: "Pending", reason: "ProviderFailed", startTime: time(1) }, false],
    [{ phase: "Pending", containerStatuses: [{ ...base, state: { waiting: {} } }] }, false],
    [{ phase: "Running" }, true],
    [{ phase: "Succeeded" }, true],
    [{ phase: "Failed" }, true],
    [{ containerStatuses: [{ ...base, restartCount: 1 }] }, true],
    [{ containerStatuses: [{ ...base, state: { running: {} } }] }, true],
    [{ containerStatuses: [{ ...base, state: { terminated } }] }, true],
    [{ containerStatuses: [{ ...base, lastState: { terminated } }] }, true],
    [{ initContainerStatuses: [{ ...base, state: { running: {} } }] }, true],
  ];
  for (const [status, want] of rows) assert.is(statusShowsRun(status), want, JSON.stringify(status));
});

// The patch

const ref = { namespace: "shop", name: "web", uid: "u-1" };
const bodyOf = (want: PodStatus, have: PodStatus, version?: string): unknown =>
  JSON.parse(JSON.stringify(statusPatch(ref, want, have, version).body));
const patched = (want: PodStatus, have: PodStatus): unknown =>
  (bodyOf(want, have) as { status: unknown }).status;
const replace = { $patch: "replace" };

test("a patch is a strategic merge into the pod's status, under its UID", () => {
  const request = statusPatch(ref, {}, {}, undefined);
  assert.is(request.method, "PATCH");
  assert.is(request.path, "/api/v1/namespaces/shop/pods/web/status");
  assert.is(request.contentType, "application/strategic-merge-patch+json");
  assert.equal(bodyOf({}, {}), { metadata: { uid: "u-1" }, status: { conditions: [] } });
  assert.equal(bodyOf({}, {}, "7"), {
    metadata: { uid: "u-1", resourceVersion: "7" },
    status: { conditions: [] },
  });
});

test("what a patch says", () => {
  const ready = { type: "Ready", status: "True" };
  const rows: readonly (readonly [string, PodStatus, PodStatus, unknown])[] = [
    ["a field", { phase: "Running" }, { phase: "Pending" }, { phase: "Running", conditions: [] }],
    ["a reason that is gone", {}, { reason: "x", message: "y" }, {
      reason: null,
      message: null,
      conditions: [],
    }],
    ["what others own is not named", {}, { qosClass: "BestEffort" } as PodStatus, { conditions: [] }],
    [
      "new addresses are merged",
      { podIPs: [{ ip: "1" }] },
      {},
      { podIPs: [{ ip: "1" }], conditions: [] },
    ],
    [
      "other addresses replace",
      { podIPs: [{ ip: "1" }], hostIPs: [{ ip: "3" }] },
      { podIPs: [{ ip: "2" }], hostIPs: [{ ip: "4" }] },
      { podIPs: [replace, { ip: "1" }], hostIPs: [replace, { ip: "3" }], conditions: [] },
    ],
    [
      "equal addresses do not",
      { podIPs: [{ ip: "1" }] },
      { podIPs: [{ ip: "1" }] },
      { podIPs: [{ ip: "1" }], conditions: [] },
    ],
    ["addresses that are gone", {}, { podIPs: [{ ip: "2" }], hostIPs: [] }, {
      podIPs: [replace],
      conditions: [],
    }],
    [
      "conditions of others are not named",
      { conditions: [ready] },
      { conditions: [{ type: "x/lb", status: "True" }] },
      { conditions: [ready] },
    ],
    [
      "a condition's reason that is gone",
      { conditions: [ready] },
      { conditions: [{ type: "Ready", status: "False", reason: "r", message: "m" }] },
      { conditions: [{ ...ready, reason: null, message: null }] },
    ],
  ];
  for (const [name, want, have, status] of rows) assert.equal(patched(want, have), status, name);
});

test("when there is nothing to write", () => {
  const ready = { type: "Ready", status: "True", lastTransitionTime: time(1) };
  const base = { name: "a", image: "v1", imageID: "", ready: true, restartCount: 0 };
  const rows: readonly (readonly [string, PodStatus, PodStatus, boolean])[] = [
    ["nothing", {}, {}, true],
    ["a missing field", { phase: "Running" }, {}, false],
    ["a field too many", {}, { reason: "x" }, false],
    ["foreign fields", {}, { qosClass: "Burstable" } as PodStatus, true],
    ["absent is empty", { message: undefined }, { message: "" }, true],
    ["absent is an empty list", {}, { podIPs: [] }, true],
    [
      "foreign conditions",
      { conditions: [ready] },
      { conditions: [{ type: "x", status: "True" }, ready] },
      true,
    ],
    ["a missing condition", { conditions: [ready] }, { conditions: [] }, false],
    ["its status", { conditions: [ready] }, { conditions: [{ ...ready, status: "False" }] }, false],
    ["its reason", { conditions: [ready] }, { conditions: [{ ...ready, reason: "x" }] }, false],
    ["its message", { conditions: [ready] }, { conditions: [{ ...ready, message: "x" }] }, false],
    ["its time", { conditions: [ready] }, { conditions: [{ ...ready, lastTransitionTime: time(2) }] }, false],
    [
      "what servers add to it",
      { conditions: [ready] },
      { conditions: [{ ...ready, lastProbeTime: null, observedGeneration: 1 }] },
      true,
    ],
    ["a container", { containerStatuses: [base] }, { containerStatuses: [{ ...base, ready: false }] }, false],
    [
      "a container, with what servers add",
      { containerStatuses: [base] },
      { containerStatuses: [{ ...base, lastState: {} }] },
      true,
    ],
    ["addresses", { podIPs: [{ ip: "1" }] }, { podIPs: [{ ip: "1" }, { ip: "2" }] }, false],
  ];
  for (const [name, want, have, covered] of rows) assert.is(statusCovered(want, have), covered, name);
});

test.run();
