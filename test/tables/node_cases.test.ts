import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import { emptyNodeMemory } from "../../core/node/memory.ts";
import { defaultNodePolicy } from "../../core/node/policy.ts";
import { reconcileNode } from "../../core/node/reconcile.ts";
import { absent } from "../../core/seen.ts";
import { at, epoch } from "../tools/node_world.ts";
import { time } from "./node_case.ts";
import { driftCases } from "./node_drift_cases.ts";
import { desired, owning, settled } from "./node_given.ts";
import { lifeCases } from "./node_life_cases.ts";

const test = suite("reconcileNode, case by case");

const label = (action: { readonly _tag: string; readonly reason?: string }): string =>
  action.reason === undefined ? action._tag : `${action._tag} ${action.reason}`;

for (const row of [...lifeCases, ...driftCases]) {
  test(row.name, () => {
    const policy = { ...defaultNodePolicy, ...row.policy };
    const plan = reconcileNode(
      row.desired ?? desired,
      row.observed,
      row.memory ?? settled,
      at(5_000),
      policy,
    );
    assert.equal(plan.actions.map(label), row.actions);
    assert.is(plan.wakeAt, row.wakeAt);
    if (typeof row.why === "string") assert.is(plan.why, row.why);
    else assert.match(plan.why, row.why);
    if (row.body !== undefined) {
      const requests = plan.actions.flatMap((action): readonly ApiRequest[] =>
        "request" in action ? [action.request] : []
      );
      assert.equal(requests[requests.length - 1]?.body, row.body);
    }
  });
}

test("the registration, in full", () => {
  const plan = reconcileNode({ ...desired, providerID: "vk://n1" }, absent, emptyNodeMemory, {
    mono: 0,
    wall: epoch + 5_999,
  });
  const action = plan.actions[0];
  assert.ok(action?._tag === "CreateNode");
  if (action?._tag !== "CreateNode") return;
  const stamps = { lastHeartbeatTime: time, lastTransitionTime: time };
  assert.equal(action.request, {
    method: "POST",
    path: "/api/v1/nodes",
    query: { fieldManager: "virtual-kubelet" },
    discardAnswer: true,
    body: {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "n1", labels: desired.labels, annotations: owning({}) },
      spec: { taints: desired.taints, providerID: "vk://n1" },
      status: {
        capacity: desired.capacity,
        allocatable: desired.capacity,
        conditions: [
          ...desired.conditions.map((condition) => ({ ...condition, ...stamps })),
          {
            type: "Ready",
            status: "True",
            reason: "KubeletReady",
            message: "kubelet is posting ready status",
            ...stamps,
          },
        ],
        addresses: desired.addresses,
        daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
        nodeInfo: desired.nodeInfo,
      },
    },
  });
});

test.run();
