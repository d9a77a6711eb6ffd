// A provider of one's own under simulated agents: ours in memory, and some that are not as they should be.
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type MemoryProvider, memoryProvider } from "../../adapters/provider/memory/provider.ts";
import type { PodScript } from "../../adapters/provider/memory/script.ts";
import type { ContainerRuntime, Provider } from "../../adapters/ports.ts";
import { memoryRuntime } from "../tools/memory_runtime.ts";
import { seed as first } from "../tools/seed.ts";
import type { ProviderWorld } from "./own_backend.ts";
import { simulate } from "./scenario.ts";

const test = suite("a provider of one's own in a simulated cluster");

const count = Math.ceil(Number(process.env.VK_SIM_SEEDS ?? 40) / 8);
const from = first % 1_000_000_000;

/** Some start late, some ignore being stopped, some end by themselves, some flap. */
const anyScript = (random: () => number): PodScript => ({
  startMs: random() < 0.5 ? 0 : random() * 5_000,
  stopMs: random() < 0.3 ? Infinity : random() * 2_000,
  containers: {
    "*": random() < 0.5 ? {} : { runMs: random() * 60_000, exitCodes: [random() < 0.5 ? 0 : 7] },
  },
});

const inMemory = ({ clock, keep, random }: ProviderWorld): MemoryProvider =>
  keep(() => memoryProvider({ clock, script: () => anyScript(random) }));

test(`the memory provider keeps every promise for ${count} seeds`, async () => {
  for (let seed = from; seed < from + count; seed++) {
    const { problems } = await simulate(seed, { provider: inMemory });
    assert.equal([...new Set(problems)], [], `seed ${seed}`);
  }
});

const inContainers = ({ clock, keep, random }: ProviderWorld): ContainerRuntime =>
  keep(() =>
    memoryRuntime(clock, ({ name }) => {
      const runMs = name.startsWith("init") ? random() * 3_000 : random() * 120_000;
      const ends = name.startsWith("init") || random() < 0.5;
      const ignoresStop = random() < 0.3;
      return ends ? { ignoresStop, runMs, exitCode: random() < 0.5 ? 0 : 7 } : { ignoresStop };
    })
  );

test(`and so does a container runtime in memory`, async () => {
  for (let seed = from; seed < from + count; seed++) {
    const { problems } = await simulate(seed, { provider: inContainers });
    assert.equal([...new Set(problems)], [], `seed ${seed}`);
  }
});

test("the same seed gives the same run", async () => {
  const [one, other] = [
    await simulate(7, { provider: inMemory }),
    await simulate(7, { provider: inMemory }),
  ];
  assert.equal(one.story, other.story);
  assert.ok(one.story.length > 100);
});

/** What is wrong with it, and what is said of that. */
const bad: readonly (readonly [string, (good: MemoryProvider) => Partial<Provider>, RegExp])[] = [
  ["does not stop what it is to delete", () => ({ delete: () => Promise.resolve() }), /still terminating/],
  [
    "lists its pods as it likes",
    (good) => ({
      list: async (options) => (await good.list(options)).map((pod) => ({ ...pod, containers: [] })),
    }),
    /never started|Ready|Pending/,
  ],
  [
    "takes everything for its own",
    (good) => ({
      list: async (options) =>
        (await good.list(options)).map((pod) => ({ ...pod, owner: { cluster: "sim", node: "node-1" } })),
    }),
    /not its own/,
  ],
  [
    "lists what it has twice",
    (good) => ({ list: async (options) => (await good.list(options)).flatMap((pod) => [pod, pod]) }),
    /listed twice/,
  ],
  [
    "cannot list",
    () => ({ list: () => Promise.reject(new Error("no")) }),
    /a list failed, although nothing is wrong/,
  ],
];

for (const [what, change, said] of bad) {
  test(`one that ${what} is found out`, async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const provider = (world: ProviderWorld): Provider => {
        const good = inMemory(world);
        return { ...good, ...change(good) };
      };
      const { problems } = await simulate(seed, { provider });
      if (problems.some((problem) => said.test(problem))) return;
    }
    throw new Error("not within 10 seeds");
  });
}

test.run();
