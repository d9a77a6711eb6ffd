import { suite } from "uvu";
import * as assert from "uvu/assert";
import { eventually, unique } from "./asking.ts";
import { conditionOf, createPod, onto, type PodOptions, withNode } from "./cluster_objects.ts";
import type { Reply, Target } from "./target.ts";

type Fields = Readonly<Record<string, unknown>>;

const podPath = (namespace: string, name: string): string => `/api/v1/namespaces/${namespace}/pods/${name}`;

/** The pod once the scheduler has decided on it. */
const decided = (target: Target, namespace: string, name: string): Promise<Reply> =>
  eventually(
    () => target.send("GET", podPath(namespace, name)),
    ({ body }) => conditionOf(body, "PodScheduled") !== undefined,
  );

const boundTo = async (target: Target, namespace: string, name: string, node: string): Promise<Reply> => {
  const pod = await eventually(
    () => target.send("GET", podPath(namespace, name)),
    ({ body }) => body.spec.nodeName !== undefined,
  );
  assert.is(pod.body.spec.nodeName, node, JSON.stringify(pod.body.status));
  return pod;
};

/** Why a pod is not bound, once it says one of these reasons. */
const refusedFor = async (
  target: Target,
  namespace: string,
  name: string,
  reason: RegExp,
): Promise<string> => {
  const pod = await eventually(
    () => target.send("GET", podPath(namespace, name)),
    ({ body }) => reason.test(conditionOf(body, "PodScheduled")?.message ?? ""),
  );
  const condition = conditionOf(pod.body, "PodScheduled");
  assert.match(condition?.message ?? pod.text, reason);
  assert.is(condition.status, "False");
  assert.is(condition.reason, "Unschedulable");
  assert.is(condition.observedGeneration, pod.body.metadata.generation);
  assert.is(pod.body.spec.nodeName, undefined);
  assert.is(pod.body.status.phase, "Pending");
  return condition.message;
};

const eventsOf = async (target: Target, namespace: string, pod: string, reason: string): Promise<Reply> =>
  await eventually(
    () =>
      target.send("GET", `/apis/events.k8s.io/v1/namespaces/${namespace}/events`, {
        query: { fieldSelector: `regarding.name=${pod},reason=${reason}` },
      }),
    ({ body }) => body.items?.length > 0,
  );

/** A term of node affinity that is required. */
const requiring = (term: Fields): Fields => ({
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
  },
});

const expression = (key: string, operator: string, ...values: readonly string[]): Fields =>
  requiring({ matchExpressions: [{ key, operator, ...(values.length === 0 ? {} : { values }) }] });

/** A requirement, and whether a node labelled `size: "5"` and `color: red` has it. */
const requirements: readonly (readonly [string, Fields, boolean])[] = [
  ["In, one of them", expression("color", "In", "blue", "red"), true],
  ["In, none of them", expression("color", "In", "blue"), false],
  ["In, without the label", expression("shape", "In", "round"), false],
  ["NotIn, one of them", expression("color", "NotIn", "red"), false],
  ["NotIn, none of them", expression("color", "NotIn", "blue"), true],
  ["NotIn, without the label", expression("shape", "NotIn", "round"), true],
  ["Exists", expression("color", "Exists"), true],
  ["Exists, without the label", expression("shape", "Exists"), false],
  ["DoesNotExist", expression("color", "DoesNotExist"), false],
  ["DoesNotExist, without the label", expression("shape", "DoesNotExist"), true],
  ["Gt, larger", expression("size", "Gt", "4"), true],
  ["Gt, equal", expression("size", "Gt", "5"), false],
  ["Lt, smaller", expression("size", "Lt", "6"), true],
  ["Lt, no number", expression("color", "Lt", "6"), false],
];

const untaken: readonly (readonly [string, Fields, PodOptions, RegExp])[] = [
  ["cpu", {}, { requests: { cpu: "3" } }, /: .*1 Insufficient cpu[,.]/],
  ["memory", {}, { requests: { memory: "2Gi" } }, /: .*1 Insufficient memory[,.]/],
  ["storage", {}, { requests: { "ephemeral-storage": "2Gi" } }, /: .*1 Insufficient ephemeral-storage[,.]/],
  [
    "a device",
    {},
    { requests: { "example.com/gpu": "1" }, limits: { "example.com/gpu": "1" } },
    /: .*1 Insufficient example.com\/gpu[,.]/,
  ],
  [
    "two resources",
    {},
    { requests: { cpu: "2001m", memory: "1025Mi" } },
    /: .*1 Insufficient cpu, 1 Insufficient memory[,.]/,
  ],
  ["its taint", { tolerations: [] }, {}, /: .*[1-9]\d* node\(s\) had untolerated taint\(s\)[,.]/],
  [
    "its labels",
    { nodeSelector: { "contract/own": "of-nobody" } },
    {},
    /: .*[1-9]\d* node\(s\) didn't match Pod's node affinity\/selector[,.]/,
  ],
  [
    "another name",
    requiring({ matchFields: [{ key: "metadata.name", operator: "In", values: ["of-nobody"] }] }),
    {},
    /^0\/(\d+) nodes are available: \1 node\(s\) didn't satisfy plugin\(s\) \[NodeAffinity\]\./,
  ],
  [
    "a volume that is not there",
    { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "absent" } }] },
    {},
    /^0\/\d+ nodes are available: persistentvolumeclaim "absent" not found\. not found$/,
  ],
];

/** Which node runs a pod, and what is said of a pod that none can run. */
export const schedulingContract = (target: Target): void => {
  const test = suite(`${target.name}: scheduling`);

  test("a pod is bound to the node that it may run on", () =>
    withNode(target, {}, async (node) => {
      const namespace = await target.namespace();
      const { body: { metadata } } = await createPod(target, namespace, "p", onto(node));
      const { body } = await boundTo(target, namespace, "p", node);
      const { lastTransitionTime: _, ...condition } = conditionOf(body, "PodScheduled");
      assert.equal(condition, { type: "PodScheduled", status: "True", lastProbeTime: null });
      assert.is(body.metadata.generation, metadata.generation);
      const { body: { items: [event] } } = await eventsOf(target, namespace, "p", "Scheduled");
      assert.is(event.note, `Successfully assigned ${namespace}/p to ${node}`);
      assert.is(event.type, "Normal");
      assert.is(event.action, "Binding");
      assert.is(event.reportingController, "default-scheduler");
      assert.is(event.regarding.uid, metadata.uid);
      const seen = await target.send("GET", `/api/v1/namespaces/${namespace}/events/${event.metadata.name}`);
      assert.is(seen.body.message, event.note);
      assert.is(seen.body.reportingComponent, "default-scheduler");
      assert.is(seen.body.involvedObject.name, "p");
    }));

  for (const [what, spec, options, reason] of untaken) {
    test(`a node is not taken for ${what}`, () =>
      withNode(target, {}, async (node) => {
        const namespace = await target.namespace();
        await createPod(target, namespace, "p", { ...onto(node), ...spec }, options);
        const message = await refusedFor(target, namespace, "p", reason);
        const { body: { items: [event] } } = await eventsOf(target, namespace, "p", "FailedScheduling");
        assert.is(event.type, "Warning");
        assert.is(event.action, "Scheduling");
        assert.match(event.note, /^(0\/\d+ nodes are available: |no nodes available)/);
        if (what.startsWith("a volume")) return;
        assert.match(
          message,
          /\. no new claims to deallocate, preemption: 0\/(\d+) nodes are available: \1 Preemption is not helpful for scheduling\.$/,
        );
      }));
  }

  test("a node has room for so many pods", () =>
    withNode(target, { allocatable: { cpu: "2", memory: "1Gi", pods: "1" } }, async (node) => {
      const namespace = await target.namespace();
      await createPod(target, namespace, "first", onto(node));
      await boundTo(target, namespace, "first", node);
      await createPod(target, namespace, "second", onto(node));
      const message = await refusedFor(target, namespace, "second", /: .*1 Too many pods[,.]/);
      assert.match(message, /preemption: .*1 No preemption victims found for incoming pod/);
      // room that is made is taken
      await target.send("DELETE", podPath(namespace, "first"), { query: { gracePeriodSeconds: "0" } });
      await boundTo(target, namespace, "second", node);
    }));

  test("what pods have asked for is taken, also by init containers and until they have ended", () =>
    withNode(target, {}, async (node) => {
      const namespace = await target.namespace();
      const init = { name: "init", image: "contract", resources: { requests: { cpu: "1500m" } } };
      await createPod(target, namespace, "init", { ...onto(node), initContainers: [init] }, {
        requests: { cpu: "100m" },
      });
      await boundTo(target, namespace, "init", node);
      await createPod(target, namespace, "late", onto(node), { requests: { cpu: "501m" } });
      await refusedFor(target, namespace, "late", /: .*1 Insufficient cpu[,.]/);
      await target.send("PATCH", `${podPath(namespace, "init")}/status`, {
        contentType: "application/merge-patch+json",
        body: { status: { phase: "Succeeded" } },
      });
      await boundTo(target, namespace, "late", node);
    }));

  test("one pod has a port of the node", () =>
    withNode(target, {}, async (node) => {
      const namespace = await target.namespace();
      const ports = [{ containerPort: 80, hostPort: 8080 }];
      await createPod(target, namespace, "first", onto(node), { ports });
      await boundTo(target, namespace, "first", node);
      await createPod(target, namespace, "udp", onto(node), { ports: [{ ...ports[0], protocol: "UDP" }] });
      await boundTo(target, namespace, "udp", node);
      await createPod(target, namespace, "second", onto(node), { ports });
      const reason = /: .*1 node\(s\) didn't have free ports for the requested pod ports[,.]/;
      await refusedFor(target, namespace, "second", reason);
    }));

  test("node affinity", () =>
    withNode(target, { labels: { size: "5", color: "red" }, allocatable: { pods: "50" } }, async (node) => {
      const namespace = await target.namespace();
      const names = requirements.map((_, index) => `p${index}`);
      for (const [index, [, spec]] of requirements.entries()) {
        await createPod(target, namespace, `p${index}`, { ...onto(node), ...spec });
      }
      for (const [index, [what, , fits]] of requirements.entries()) {
        const { body } = await decided(target, namespace, names[index] ?? "");
        assert.is(body.spec.nodeName, fits ? node : undefined, what);
      }
    }));

  test("the node that is preferred is taken", () =>
    withNode(target, {}, (one) =>
      withNode(target, {}, async (other) => {
        const namespace = await target.namespace();
        const prefer = (name: string): Fields => ({
          tolerations: [{ key: "contract/own", operator: "Exists" }],
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [one, other].map((value) => ({
                  matchFields: [{ key: "metadata.name", operator: "In", values: [value] }],
                })),
              },
              preferredDuringSchedulingIgnoredDuringExecution: [{
                weight: 100,
                preference: {
                  matchExpressions: [{ key: "contract/own", operator: "In", values: [name] }],
                },
              }],
            },
          },
        });
        await createPod(target, namespace, "one", prefer(one));
        await boundTo(target, namespace, "one", one);
        await createPod(target, namespace, "other", prefer(other));
        await boundTo(target, namespace, "other", other);
      })));

  test("a pod waits for a node that can run it", async () => {
    const namespace = await target.namespace(), wanted = unique("wanted");
    await createPod(target, namespace, "p", {
      nodeSelector: { wanted },
      tolerations: [{ key: "contract/own", operator: "Exists" }],
    });
    await decided(target, namespace, "p");
    await withNode(target, { labels: { wanted } }, async (node) => {
      await boundTo(target, namespace, "p", node);
    });
  });

  test("a pod whose scheduling is gated waits for the gates", () =>
    withNode(target, {}, async (node) => {
      const namespace = await target.namespace(), path = podPath(namespace, "p");
      await createPod(target, namespace, "p", {
        ...onto(node),
        schedulingGates: [{ name: "example.com/wait" }],
      });
      const { lastTransitionTime: _, ...condition } = conditionOf(
        (await decided(target, namespace, "p")).body,
        "PodScheduled",
      );
      assert.equal(condition, {
        type: "PodScheduled",
        status: "False",
        lastProbeTime: null,
        reason: "SchedulingGated",
        message: "Scheduling is blocked due to non-empty scheduling gates",
      });
      const opened = await target.send("PATCH", path, {
        contentType: "application/merge-patch+json",
        body: { spec: { schedulingGates: null } },
      });
      assert.is(opened.status, 200, opened.text);
      await boundTo(target, namespace, "p", node);
    }));

  test("pods of another scheduler are left alone", () =>
    withNode(target, {}, async (node) => {
      const namespace = await target.namespace();
      await createPod(target, namespace, "other", { ...onto(node), schedulerName: "example" });
      await createPod(target, namespace, "after", onto(node));
      await boundTo(target, namespace, "after", node);
      const { body } = await target.send("GET", podPath(namespace, "other"));
      assert.equal([body.spec.nodeName, body.status.conditions], [undefined, undefined]);
    }));

  test.run();
};
