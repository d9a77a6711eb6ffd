import * as assert from "uvu/assert";
import { audited, noAudit } from "../tools/audit.ts";
import type { Node, World } from "../tools/e2e.ts";
import { follow, watchEvents } from "../tools/follow.ts";
import { suiteAs } from "../tools/identities.ts";
import { until } from "../tools/until.ts";
import { deploymentOf } from "../tools/workloads.ts";

interface Lease {
  readonly spec: { readonly renewTime: string };
}

const loadMs = 120_000;
const replicas = 220;

/** Every change of the lease and of the node, until it is stopped. */
interface Watched {
  /** Every `renewTime`, in order. */
  readonly renewed: () => readonly number[];
  /** Every status that the condition Ready had. */
  readonly ready: () => ReadonlySet<string | undefined>;
  readonly stop: () => void;
}

const readyOf = (node: Node | undefined) =>
  node?.status?.conditions?.find((condition) => condition.type === "Ready");

const watchNode = (world: World): Watched => {
  const json = ["--watch", "-o", "json", "--output-watch-events"];
  const lease = follow(world, "get", "lease", world.node, "-n", "kube-node-lease", ...json);
  const node = follow(world, "get", "node", world.node, ...json);
  const renewTimes = (): readonly number[] =>
    watchEvents<Lease>(lease.text()).map(({ object }) => Date.parse(object.spec.renewTime));
  return {
    renewed: () => [...new Set(renewTimes())],
    ready: () => new Set(watchEvents<Node>(node.text()).map(({ object }) => readyOf(object)?.status)),
    stop: () => {
      lease.stop();
      node.stop();
    },
  };
};

const gaps = (times: readonly number[]): readonly number[] =>
  times.slice(1).map((time, at) => time - (times[at] ?? 0));

suiteAs("node", "load", (test) => {
  test("Ready a moment after it joins", async (world) => {
    const at = (text: string): number =>
      Date.parse(world.agent.lines().find(({ msg }) => msg.includes(text))?.time ?? "");
    const ready = at(`node ${world.node} is ready`);
    const ms = ready - at("joins the cluster");
    console.log(
      `Ready ${ms} ms after joining, ${ready - world.agent.startedAt} ms after the start of the program`,
    );
    assert.ok(ms >= 0 && ms < 5_000, `${ms} ms`); // a second is promised on a machine that is not busy
    assert.is(readyOf(await world.nodeObject())?.status, "True");
  });

  test("kubectl describe node shows all of it", async (world) => {
    const lines = [
      /^Name: +e2e-load-node-\d+$/m,
      /^Taints: +virtual-kubelet.io\/provider=memory:NoSchedule$/m,
      /^ +HolderIdentity: +e2e-load-node-\d+$/m,
      /^ +RenewTime: +\w.*\d{4}/m,
      /^ +Ready +True .*KubeletReady/m,
      /^ +MemoryPressure +False/m,
      /^ +DiskPressure +False/m,
      /^ +PIDPressure +False/m,
      /^ +InternalIP: +127\.0\.0\.1$/m,
      /^Capacity:\n +cpu: +32\n +memory: +256Gi\n +pods: +1k$/m,
      /^Allocatable:\n +cpu: +32\n/m,
      /^ +Kubelet Version: +v1\.\d+/m,
      /^ +Operating System: +linux$/m,
    ];
    // the first taint of a new node is taken away, and its lease made, a moment later
    const describe = (): Promise<string> => world.kubectl("describe", "node", world.node);
    const complete = async (): Promise<boolean> => {
      const text = await describe();
      return lines.every((line) => line.test(text));
    };
    await until("kubectl describe node shows all of it", complete, 15_000).catch(() => {});
    const text = await describe();
    for (const line of lines) assert.match(text, line);
    assert.match(await world.kubectl("get", "node", world.node, "--no-headers"), / Ready /);
  });

  test("two minutes under load: the lease is renewed in time, and the node never NotReady", async (world) => {
    const { node } = world;
    await world.apply(deploymentOf("load", 0, { node, script: "none" }));
    const { renewed, ready, stop } = watchNode(world);
    const before = readyOf(await world.nodeObject());
    let rounds = 0;
    const scale = async (count: number): Promise<void> => {
      await world.kubectl("scale", "deployment/load", `--replicas=${count}`);
      await until(`${count} pods run`, async () => {
        const pods = await world.pods("load");
        return pods.length === count && pods.every((pod) => pod.status?.phase === "Running");
      }, 120_000);
    };
    for (const end = performance.now() + loadMs; performance.now() < end; rounds++) {
      await scale(replicas);
      await scale(0);
    }
    stop();
    const longest = Math.max(...gaps(renewed()));
    console.log(
      `${rounds} times ${replicas} pods made and deleted; longest time between renewals ${longest} ms`,
    );
    assert.ok(rounds >= 1);
    assert.equal([...ready()], ["True"]);
    assert.equal(readyOf(await world.nodeObject())?.lastTransitionTime, before?.lastTransitionTime);
    assert.ok(renewed().length >= 10, `${renewed().length} renewals in two minutes`);
    assert.ok(longest <= 15_000, `${longest} ms from one renewal of the lease to the next`);
  });

  test("that cost a few requests a pod, and none failed", (world) => {
    const why = noAudit();
    if (why !== undefined) return Promise.resolve(console.log(`not counted: ${why}`));
    const requests = audited(`system:node:${world.node}`, world.since);
    const of = (verb: string, part: string): number =>
      requests.filter((request) => request.verb === verb && request.uri.includes(part)).length;
    const pods = of("delete", `/namespaces/${world.namespace}/pods/`);
    const statuses = of("patch", "/status");
    console.log(
      `${pods} pods: ${statuses} statuses, ${of("create", "/events")} events, ${
        of("list", "/pods")
      } lists, ` +
        `${of("watch", "/pods")} watches`,
    );
    assert.ok(pods >= replicas);
    assert.ok(statuses <= 2 * pods * 1.1 + 20, `${statuses} writes of statuses for ${pods} pods`);
    assert.ok(of("list", "/pods") <= 5, "the watch tells all");
    return Promise.resolve();
  });
}, { provider: "memory", flags: ["--capacity", "pods=1000,cpu=32,memory=256Gi"] });
