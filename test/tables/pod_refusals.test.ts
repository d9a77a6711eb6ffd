// Pods that cannot be run, and changes of their spec.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { reconcilePod } from "../../core/pod/reconcile.ts";
import { specHashOf } from "../../core/pod/spec_hash.ts";
import { absent, present } from "../../core/seen.ts";
import { at, container, ended, running } from "../tools/containers.ts";
import { holds, pod, policyOf, remembered } from "../tools/pods.ts";
import { check, finished, never, nothing, now, runningPod, runs, statusOf, told } from "./pod_case.ts";

const test = suite("reconcilePod: refusals and updates, case by case");

test("a pod that cannot be run", () => {
  const refuse = { check: () => [{ field: "spec.a", message: "no", fatal: true }] };
  const warn = { check: () => [{ field: "spec.a", message: "not quite", fatal: false }] };
  const rejected = { specHash: specHashOf(pod()), message: "spec.a: no" };
  const refused = { do: ["Warning ProviderRejected"], wake: 101, why: "Refused" };
  const started = { do: ["Warning UnsupportedField"], wake: 101 };
  check([
    { name: "refused", api: pod(), backend: "absent", policy: refuse, both: refused },
    {
      name: "refused before",
      api: pod(),
      backend: "absent",
      memory: { rejected, accepted: at(90) },
      both: { do: ["PatchPodStatus Pending/ProviderFailed"], why: "Refused" },
    },
    {
      name: "refused, restartPolicy Never",
      api: pod({ spec: never }),
      backend: "absent",
      policy: refuse,
      both: { do: ["Warning ProviderRejected", "PatchPodStatus Failed/ProviderFailed"], why: "Refused" },
    },
    {
      name: "refused, as the API says already (the agent was restarted)",
      api: pod({ status: statusOf(pod(), absent, { rejected, accepted: at(90) }, now) }),
      backend: "absent",
      policy: refuse,
      memory: { accepted: at(90) },
      both: { do: ["Warning ProviderRejected"], why: "Refused" },
    },
    {
      name: "refused before, with another spec",
      api: pod({ meta: { labels: { a: "b" } } }),
      backend: "absent",
      memory: { rejected },
      pods: { do: ["CreatePod"], wake: 101, why: "Create" },
      containers: { do: ["StartContainer a#0"], wake: 101, why: "StartContainer" },
    },
    {
      name: "environment that we cannot make",
      api: pod({ apps: [container("a", { env: [{ name: "A", valueFrom: {} }] })] }),
      backend: "absent",
      both: refused,
    },
    {
      name: "not quite honoured",
      api: pod(),
      backend: "absent",
      policy: warn,
      pods: { ...started, do: ["CreatePod", "Warning UnsupportedField"], why: "Create" },
      containers: {
        ...started,
        do: ["Warning UnsupportedField", "StartContainer a#0"],
        why: "StartContainer",
      },
    },
    {
      name: "not quite honoured, told before",
      api: pod(),
      backend: "absent",
      policy: warn,
      memory: { warnedOf: specHashOf(pod()) },
      pods: { do: ["CreatePod"], wake: 101, why: "Create" },
      containers: { do: ["StartContainer a#0"], wake: 101, why: "StartContainer" },
    },
    {
      name: "refused when it restarts: what runs of it still counts",
      api: told(pod({ apps: [container("a"), container("b")] }), holds([running("a"), running("b")])),
      backend: holds([running("a"), ended("b", 1, 40)]),
      policy: refuse,
      containers: {
        do: ["Warning ProviderRejected", "PatchPodStatus Running/ProviderFailed"],
        why: "Refused",
      },
    },
    {
      name: "refused when it restarts, while another container is to be stopped",
      api: told(
        pod({ apps: [container("a", { image: "v2" }), container("b")] }),
        holds([running("a"), running("b")]),
      ),
      backend: holds([running("a"), ended("b", 1, 40)]),
      policy: refuse,
      containers: {
        do: ["StopContainer a 30s", "Warning ProviderRejected", "PatchPodStatus Running/ProviderFailed"],
        why: "Refused",
      },
    },
    {
      name: "one container runs, the other is refused, restartPolicy Never: it has not failed yet",
      api: pod({ apps: [container("a"), container("b")], spec: never }),
      backend: runs,
      policy: refuse,
      containers: refused,
    },
    {
      name: "refused before, what still runs may go on and end",
      api: told(pod({ spec: never }), runs),
      backend: finished,
      memory: { rejected: { ...rejected, specHash: specHashOf(pod({ spec: never })) } },
      containers: { do: ["PatchPodStatus Succeeded"], why: "finished: every container has ended" },
    },
    {
      name: "another spec was refused: what runs is told as ever",
      api: pod(),
      backend: runs,
      memory: { rejected: { ...rejected, specHash: "other" } },
      pods: { do: ["PatchPodStatus Running"], why: "Running" },
      containers: { do: ["PatchPodStatus Running"], why: "runs" },
    },
    {
      name: "refused, and its deadline runs on",
      api: pod({ spec: { activeDeadlineSeconds: 60 } }),
      backend: "absent",
      memory: {
        accepted: at(90),
        rejected: { ...rejected, specHash: specHashOf(pod({ spec: { activeDeadlineSeconds: 60 } })) },
      },
      containers: { do: ["PatchPodStatus Pending/ProviderFailed"], wake: 150, why: "Refused" },
    },
  ]);
});

test("who is told of a refusal, and what", () => {
  const check = () => [{ field: "spec.a", message: "no", fatal: true }];
  const { actions } = reconcilePod(present(pod()), absent, remembered(), now, policyOf("pods", { check }));
  assert.equal(actions, [{
    _tag: "EmitEvent",
    about: { kind: "Pod", ref: { namespace: "shop", name: "web", uid: "u-1" } },
    type: "Warning",
    reason: "ProviderRejected",
    message: "spec.a: no",
  }]);
});

test("updates", () => {
  const newer = pod({ apps: [container("a", { image: "v2" })], status: runningPod.status });
  const hash = specHashOf(newer), old = specHashOf(runningPod);
  const canUpdate = { canUpdate: true };
  const settled = told(pod({ apps: newer.spec.containers }), runs);
  const rest = { pods: nothing("Running") };
  const update = { pods: { do: ["UpdatePod"], why: "Update" } };
  check([
    { name: "cannot", api: settled, backend: runs, memory: { appliedHash: old }, ...rest },
    { name: "can", api: settled, backend: runs, memory: { appliedHash: old }, policy: canUpdate, ...update },
    {
      name: "nothing new",
      api: settled,
      backend: runs,
      memory: { appliedHash: hash },
      policy: canUpdate,
      ...rest,
    },
    { name: "what it runs is not known", api: settled, backend: runs, policy: canUpdate, ...rest },
    {
      name: "what it runs is told by the back end",
      api: settled,
      backend: { ...runs, specHash: old },
      policy: canUpdate,
      ...update,
    },
    {
      name: "refused before",
      api: settled,
      backend: runs,
      memory: { appliedHash: old, rejected: { specHash: hash, message: "no" } },
      policy: canUpdate,
      ...rest,
    },
    {
      name: "refused by check",
      api: settled,
      backend: runs,
      memory: { appliedHash: old },
      policy: { ...canUpdate, check: () => [{ field: "spec", message: "no", fatal: true }] },
      pods: { do: ["Warning ProviderRejected"], why: "Running" },
    },
    {
      name: "under way",
      api: settled,
      backend: runs,
      memory: { appliedHash: old, ops: [{ kind: "update", container: undefined, at: 0, until: 0 }] },
      policy: canUpdate,
      ...rest,
    },
    {
      name: "the back end is away",
      api: settled,
      backend: runs,
      memory: { appliedHash: old, backend: { attempt: 1, notBefore: 100_500 } },
      policy: canUpdate,
      pods: { do: [], wake: 100.5, why: "Running" },
    },
    {
      name: "another image, the back end is away",
      api: settled,
      backend: runs,
      memory: { backend: { attempt: 1, notBefore: 100_500 } },
      containers: { do: [], wake: 100.5, why: "stop a: image changed" },
    },
    {
      name: "another image is another container",
      api: settled,
      backend: runs,
      containers: { do: ["StopContainer a 30s"], why: "image changed" },
    },
  ]);
});

test.run();
