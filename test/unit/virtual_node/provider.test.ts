import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  memoryProvider,
  type ObservedPod,
  type PodIntent,
  type Provider,
  ProviderError,
} from "../../../mod.ts";
import { until } from "../../tools/until.ts";
import { boundMs, inWorld, type World } from "./world.ts";

const test = suite("pods on a provider");

/** A back end in a Map without a watch, whose calls can be made to fail. */
const mapProvider = (
  faults: { create?: (intent: PodIntent, attempt: number) => void | Promise<void> } = {},
): Provider & { readonly pods: Map<string, ObservedPod>; readonly calls: string[] } => {
  const pods = new Map<string, ObservedPod>();
  const calls: string[] = [];
  return {
    pods,
    calls,
    create: async (intent) => {
      const { uid, name, namespace = "" } = intent.pod.metadata;
      calls.push(`create ${name}`);
      const attempt = calls.filter((call) => call === `create ${name}`).length;
      await faults.create?.(intent, attempt);
      const containers = intent.pod.spec.containers.map((container) => ({
        name: container.name,
        state: { _tag: "Running", startedAt: Date.now() } as const,
        restartCount: 0,
      }));
      pods.set(uid, { uid, name, namespace, owner: intent.owner, containers });
    },
    delete: ({ uid }) => {
      calls.push("delete");
      pods.delete(uid);
      return Promise.resolve();
    },
    list: () => {
      calls.push("list");
      return Promise.resolve([...pods.values()]);
    },
  };
};

const phase = (world: World, pod: string): string | undefined => world.pod(pod)?.status?.phase;

const becomes = (world: World, pod: string, wanted: string): Promise<void> =>
  world.server.until(`${pod} ${wanted}`, () => phase(world, pod) === wanted, boundMs);

/** A pod is Pending from its creation on; that it is refused is told by a reason. */
const isRefused = (world: World, pod: string): Promise<void> =>
  world.server.until(`${pod} refused`, () => world.pod(pod)?.status?.reason === "ProviderFailed", boundMs);

test("without a watch it is listed: what ends there ends in the API", async () => {
  const provider = mapProvider();
  await inWorld({ provider, listPeriodMs: 50 }, async (world) => {
    world.run("web", { restartPolicy: "Never" });
    await becomes(world, "web", "Running");
    const [pod] = [...provider.pods.values()];
    const state = { _tag: "Terminated", exitCode: 7, finishedAt: Date.now() } as const;
    provider.pods.set(pod!.uid, { ...pod!, containers: [{ name: "main", restartCount: 0, state }] });
    await becomes(world, "web", "Failed");
    assert.is(world.pod("web")?.status.containerStatuses[0].state.terminated.exitCode, 7);
  });
});

const refusals:
  readonly (readonly [code: "InvalidInput" | "Unsupported", restartPolicy: string, phase: string])[] = [
    ["InvalidInput", "Never", "Failed"],
    ["InvalidInput", "Always", "Pending"],
    ["Unsupported", "OnFailure", "Pending"],
  ];

for (const [code, restartPolicy, wanted] of refusals) {
  test(`${code}, restartPolicy ${restartPolicy}: ${wanted}, tried again only for another spec`, async () => {
    const provider = mapProvider({
      create: ({ pod }) => {
        if (pod.spec.containers[0]?.image === "good:1") return;
        throw new ProviderError(code, "no gold in this mine", { fields: ["spec.containers[0].image"] });
      },
    });
    await inWorld({ provider, listPeriodMs: 20 }, async (world) => {
      world.run("web", { restartPolicy });
      await isRefused(world, "web");
      assert.is(phase(world, "web"), wanted);
      assert.match(world.pod("web")?.status.message, /no gold in this mine/);
      const before = provider.calls.length;
      await until("ten more lists", () => provider.calls.length > before + 10);
      assert.is(provider.calls.filter((call) => call === "create web").length, 1);
      if (wanted === "Failed") return;
      world.run("web", { restartPolicy, image: "good:1" });
      await becomes(world, "web", "Running");
    });
  });
}

test("Throttled, Unavailable and Conflict: again, and nothing is lost", async () => {
  const provider = mapProvider({
    create: (_intent, attempt) => {
      if (attempt === 1) throw new ProviderError("Throttled", "slowly", { retryAfterMs: 30 });
      if (attempt === 2) throw new ProviderError("Unavailable", "not now");
      if (attempt === 3) throw new ProviderError("Conflict", "in transition");
    },
  });
  await inWorld({ provider }, async (world) => {
    world.run("web");
    await becomes(world, "web", "Running");
    assert.is(provider.calls.filter((call) => call === "create web").length, 4);
  });
});

test("an error of no meaning: looked up before it is tried again, so there is one instance", async () => {
  const provider = mapProvider({
    create: ({ pod, owner }, attempt) => {
      if (attempt > 1) return;
      const { uid, name, namespace = "" } = pod.metadata;
      const state = { _tag: "Running", startedAt: Date.now() } as const;
      provider.pods.set(uid, {
        uid,
        name,
        namespace,
        owner,
        containers: [{ name: "main", restartCount: 0, state }],
      });
      throw new Error("socket hang up");
    },
  });
  await inWorld({ provider }, async (world) => {
    world.run("web");
    await becomes(world, "web", "Running");
    assert.equal(provider.calls.filter((call) => call.startsWith("create")), ["create web"]);
    const after = provider.calls.slice(provider.calls.indexOf("create web") + 1);
    assert.is(after[0], "list");
  });
});

test("calls that hang, throw at once or are slow never stop the others", async () => {
  const provider = memoryProvider({
    faults: {
      create: (intent) => {
        const { name } = intent?.pod.metadata ?? { name: "" };
        if (name === "hangs") return new Promise(() => {});
        if (name === "throws") throw new ProviderError("Unavailable", "never");
        return undefined;
      },
    },
  });
  await inWorld({ provider }, async (world) => {
    world.run("hangs");
    world.run("throws");
    for (let index = 0; index < 50; index++) world.run(`pod-${index}`);
    for (let index = 0; index < 50; index++) await becomes(world, `pod-${index}`, "Running");
    assert.is.not(phase(world, "hangs"), "Running");
  });
});

test("a hanging call ends at its bound and is looked up", async () => {
  let attempts = 0;
  const provider = mapProvider({ create: () => ++attempts === 1 ? new Promise<void>(() => {}) : undefined });
  await inWorld({ provider, callTimeoutMs: 50 }, async (world) => {
    world.run("web");
    await becomes(world, "web", "Running");
    assert.is(attempts, 2);
  });
});

test("a check that throws refuses the pod with its words", () =>
  inWorld(
    {
      provider: {
        ...mapProvider(),
        check: () => {
          throw new Error("my check is broken");
        },
      },
    },
    async (world) => {
      world.run("web");
      await isRefused(world, "web");
      assert.is(phase(world, "web"), "Pending");
      assert.match(world.pod("web")?.status.message, /my check is broken/);
    },
  ));

test("every request, provider call and step is measured, and no secret is told", async () => {
  await inWorld({ provider: memoryProvider() }, async (world) => {
    world.run("web");
    await becomes(world, "web", "Running");
    assert.ok(world.spans.includes("vk.CreatePod ok"));
    await until("the write's span", () => world.spans.includes("vk.PatchPodStatus ok"));
    assert.ok(world.spans.some((span) => span.startsWith("kubernetes.request")), world.spans.join("\n"));
    assert.ok((world.counts.get("vk.steps") ?? 0) > 3);
    assert.not.match(world.lines.join("\n"), /s3cret/);
  });
});

test("who is told and throws stops nothing", async () => {
  const broken = (): never => {
    throw new Error("the listener is broken");
  };
  const telemetries = [{ span: broken, count: broken }, { span: () => ({ end: broken }), count: broken }];
  for (const telemetry of telemetries) {
    await inWorld({ provider: memoryProvider(), logger: { log: broken }, telemetry }, async (world) => {
      await world.node.ready;
      world.run("web");
      await becomes(world, "web", "Running");
      world.server.ask("DELETE", "/api/v1/namespaces/default/pods/web");
      await until("the end of the pod", () => world.pod("web") === undefined);
    });
  }
});

test.run();
