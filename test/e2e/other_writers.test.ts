import process from "node:process";
import * as assert from "uvu/assert";
import type { World } from "../tools/e2e.ts";
import { underBothIdentities } from "../tools/identities.ts";
import { commandsOf } from "../tools/pod_processes.ts";
import { until } from "../tools/until.ts";
import { podOf, serve } from "../tools/workloads.ts";

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}

/** `kubectl patch` of the status, merging conditions by type. */
const setCondition = async (world: World, object: string, condition: Condition): Promise<void> => {
  const patch = JSON.stringify({ status: { conditions: [condition] } });
  await world.kubectl("patch", object, "--subresource=status", "--type=strategic", "-p", patch);
};

const conditionIn = (
  object: { readonly status?: { readonly conditions?: readonly Condition[] } } | undefined,
  type: string,
): Condition | undefined => object?.status?.conditions?.find((condition) => condition.type === type);

const foreign = { type: "example.com/Foreign", status: "True", reason: "Theirs" };
const lie = { type: "Ready", status: "False", reason: "Lie" };

underBothIdentities("writers", (test) => {
  test("a pod: labels, annotations and a foreign condition survive, our Ready condition is healed", async (world) => {
    const { node } = world;
    await world.apply(podOf("shared", { node, script: serve, restartPolicy: "Always" }));
    await world.kubectl("wait", "--for=condition=Ready", "pod/shared", "--timeout=60s");
    await world.kubectl("label", "pod/shared", "theirs=label");
    await world.kubectl("annotate", "pod/shared", "theirs=annotation");
    await setCondition(world, "pod/shared", foreign);
    const before = await world.pod("shared");
    await setCondition(world, "pod/shared", lie);
    await until(
      "Ready is True again",
      async () => conditionIn(await world.pod("shared") as never, "Ready")?.status === "True",
    );
    const pod = await world.pod("shared");
    assert.is(pod?.metadata?.labels?.theirs, "label");
    assert.is(pod?.metadata?.annotations?.theirs, "annotation");
    const kept = conditionIn(pod as never, foreign.type);
    assert.equal([kept?.status, kept?.reason], [foreign.status, foreign.reason]);
    assert.is(conditionIn(pod as never, "Ready")?.reason, undefined, "nor is their reason left");
    assert.equal(pod?.status?.containerStatuses, before?.status?.containerStatuses);
  });

  test("a pod: our later writes leave them alone, too", async (world) => {
    const uid = (await world.pod("shared"))?.metadata?.uid ?? "";
    const started = world.agent.lines().filter(({ msg, uid: of }) => msg === "StartContainer" && of === uid);
    assert.is(started.length, 1, "a lie about the status starts nothing");
    for (const group of commandsOf(world.root, uid)) process.kill(-group, "SIGTERM");
    const pod = await until("the restart", async () => {
      const found = await world.pod("shared");
      const main = found?.status?.containerStatuses?.[0];
      return main?.restartCount === 1 && main.ready ? found : undefined;
    });
    assert.is(pod.metadata?.labels?.theirs, "label");
    assert.is(conditionIn(pod as never, foreign.type)?.reason, foreign.reason);
    await world.kubectl("delete", "pod", "shared", "--wait=false");
  });

  test("the node: the same", async (world) => {
    const name = `node/${world.node}`;
    await world.kubectl("label", name, "theirs=label");
    await world.kubectl("annotate", name, "theirs=annotation");
    await setCondition(world, name, foreign);
    const before = await world.nodeObject();
    await setCondition(world, name, lie);
    await until(
      "Ready is True again",
      async () => conditionIn(await world.nodeObject() as never, "Ready")?.status === "True",
    );
    const node = await world.nodeObject();
    assert.is(conditionIn(node as never, "Ready")?.reason, "KubeletReady");
    assert.is(node?.metadata?.labels?.theirs, "label");
    assert.is(node?.metadata?.annotations?.theirs, "annotation");
    const kept = conditionIn(node as never, foreign.type);
    assert.equal([kept?.status, kept?.reason], [foreign.status, foreign.reason]);
    assert.equal(node?.spec?.taints, before?.spec?.taints);
    assert.equal(node?.status?.capacity, before?.status?.capacity);
  });

  test("the node: what was changed while the agent was away is healed as well", async (world) => {
    await world.agent.kill();
    await setCondition(world, `node/${world.node}`, lie);
    await world.kubectl("label", `node/${world.node}`, "later=label");
    world.agent.start();
    await until(
      "Ready is True again",
      async () => conditionIn(await world.nodeObject() as never, "Ready")?.status === "True",
    );
    const node = await world.nodeObject();
    assert.equal([node?.metadata?.labels?.theirs, node?.metadata?.labels?.later], ["label", "label"]);
    assert.is(conditionIn(node as never, foreign.type)?.status, "True");
  });
});
