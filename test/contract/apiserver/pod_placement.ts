import { suite } from "uvu";
import * as assert from "uvu/assert";
import { faults, type MadePod, makePod } from "./made_pod.ts";
import type { Body } from "./rows/row.ts";
import type { Reply, Target } from "./target.ts";

/** How pods come to their nodes and away from them: gates, bindings, evictions. */
export const podPlacementContract = (target: Target): void => {
  const test = suite(`${target.name}: placement of pods`);
  const made = (spec?: Body): Promise<MadePod> => makePod(target, spec);

  // a gate keeps the real scheduler away
  const gated = { nodeName: "", schedulingGates: [{ name: "contract/gate" }] };

  test("a gate is taken away, never added, and lets nobody bind", async () => {
    const { path, patch, pod } = await made(gated);
    assert.is(pod.status.conditions[0].reason, "SchedulingGated");
    assert.equal(
      faults(await patch({ spec: { schedulingGates: [{ name: "a" }, { name: "contract/gate" }] } })),
      [
        "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'a'",
      ],
    );
    const body = { metadata: { name: "p" }, target: { kind: "Node", name: "n" } };
    const bound = await target.send("POST", `${path}/binding`, { body });
    assert.is(bound.status, 409);
    const why =
      'Operation cannot be fulfilled on pods/binding "p": pod p has non-empty .spec.schedulingGates';
    assert.is(bound.body.message, why);
  });

  test("a binding names its pod, which is on no node yet", async () => {
    const { path } = await made();
    const bind = (body: Body): Promise<Reply> => target.send("POST", `${path}/binding`, { body });
    const other = await bind({ metadata: { name: "q" }, target: { name: "n" } });
    assert.is(other.status, 400);
    assert.is(other.body.message, "name in URL does not match name in Binding object");
    const again = await bind({ metadata: { name: "p" }, target: { kind: "Node", name: "n" } });
    assert.is(again.status, 409);
    const why =
      'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "nobody"';
    assert.is(again.body.message, why);
    const stale = await bind({ metadata: { name: "p", uid: "x" }, target: { kind: "Node", name: "n" } });
    assert.is(stale.status, 409);
    assert.match(stale.body.message, /Precondition failed: UID in precondition: x, UID in object meta: /);
  });

  test("a bound pod is on its node, and says so", async () => {
    const { path } = await made({ nodeName: "", schedulerName: "contract" });
    const body = {
      metadata: { name: "p", annotations: { k: "v" } },
      target: { kind: "Node", name: "nobody" },
    };
    const bound = await target.send("POST", `${path}/binding`, { body });
    assert.is(bound.status, 201, bound.text);
    assert.is(bound.body.kind, "Status");
    assert.is(bound.body.status, "Success");
    const { spec, status, metadata } = (await target.send("GET", path)).body;
    assert.is(spec.nodeName, "nobody");
    assert.equal(metadata.annotations, { k: "v" });
    const [{ lastTransitionTime, ...condition }] = status.conditions;
    assert.match(lastTransitionTime, /Z$/);
    assert.equal(condition, { type: "PodScheduled", status: "True", lastProbeTime: null });
  });

  test("an eviction is a deletion that says why", async () => {
    const { path } = await made();
    const evict = (body: Body): Promise<Reply> => target.send("POST", `${path}/eviction`, { body });
    assert.is((await evict({ metadata: { name: "q" } })).status, 400);
    const dry = await evict({ metadata: { name: "p" }, deleteOptions: { dryRun: ["All"] } });
    assert.is(dry.status, 201, dry.text);
    assert.is((await target.send("GET", path)).body.metadata.deletionTimestamp, undefined);
    const wrong = await evict({ metadata: { name: "p" }, deleteOptions: { preconditions: { uid: "x" } } });
    assert.is(wrong.status, 409);
    const done = await evict({ metadata: { name: "p" }, deleteOptions: { gracePeriodSeconds: 7 } });
    assert.is(done.status, 201, done.text);
    const { metadata, status } = (await target.send("GET", path)).body;
    assert.is(metadata.deletionGracePeriodSeconds, 7);
    const condition = status.conditions.find(({ type }: Body) => type === "DisruptionTarget");
    assert.is(condition.status, "True");
    assert.is(condition.reason, "EvictionByEvictionAPI");
    assert.is(condition.message, "Eviction API: evicting");
  });

  test("an eviction in its former version is one too", async () => {
    const { path } = await made();
    const body = { apiVersion: "policy/v1beta1", kind: "Eviction", metadata: { name: "p" } };
    const done = await target.send("POST", `${path}/eviction`, { body, query: { dryRun: "All" } });
    assert.is(done.status, 201, done.text);
  });

  test("what is asked of a pod names no other namespace", async () => {
    const { path } = await made({ nodeName: "", schedulerName: "contract" });
    const body = { metadata: { name: "p", namespace: "other" }, target: { kind: "Node", name: "n" } };
    for (const subresource of ["binding", "eviction"]) {
      const asked = subresource === "binding" ? body : { metadata: body.metadata };
      const reply = await target.send("POST", `${path}/${subresource}`, { body: asked });
      assert.equal([reply.status, reply.body.message], [
        400,
        "the namespace of the provided object does not match the namespace sent on the request",
      ], subresource);
    }
  });

  test.run();
};
