// When people are told that a container waits for its restart, as the kubelet does. All looks are at 100 s.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PodMemory } from "../../core/pod/memory.ts";
import type { ObservedContainer } from "../../core/pod/observed.ts";
import { reconcilePod } from "../../core/pod/reconcile.ts";
import { present } from "../../core/seen.ts";
import { at, container, ended, running } from "../tools/containers.ts";
import { holds, pod, policyOf, remembered } from "../tools/pods.ts";

const test = suite("pod back-offs");

interface Row {
  readonly name: string;
  readonly policy?: string;
  readonly seen: readonly ObservedContainer[];
  /** The containers that are told of. */
  readonly told: readonly string[];
}

const look = ({ policy, seen }: Row, memory: Partial<PodMemory>) =>
  reconcilePod(
    present(pod({ apps: seen.map(({ name }) => container(name)), spec: { restartPolicy: policy } })),
    present(holds(seen)),
    remembered(memory),
    at(100),
    policyOf("containers"),
  );

const text = (name: string): string => `Back-off restarting failed container ${name} in pod web_shop(u-1)`;

const eventsOf = (plan: ReturnType<typeof look>): readonly string[] =>
  plan.actions.flatMap((action) =>
    action._tag === "EmitEvent" ? [`${action.reason}: ${action.message}`] : []
  );

const second = { restartCount: 1 };

const rows: readonly Row[] = [
  { name: "it runs", seen: [running("a", 10, second)], told: [] },
  { name: "the first restart is at once", seen: [ended("a", 1, 99)], told: [] },
  { name: "the second one waits", seen: [ended("a", 1, 99, second)], told: ["a"] },
  { name: "also after a success", seen: [ended("a", 0, 99, second)], told: ["a"] },
  { name: "not where it is over", policy: "Never", seen: [ended("a", 1, 99, second)], told: [] },
  { name: "it had run for 10 min", seen: [ended("a", 1, 99, second, -600)], told: [] },
  {
    name: "two of three",
    seen: [ended("a", 1, 99, second), running("b"), ended("c", 2, 98, second)],
    told: ["a", "c"],
  },
];

for (const row of rows) {
  test(row.name, () => {
    const plan = look(row, {});
    assert.equal(eventsOf(plan), row.told.map((name) => `BackOff: ${text(name)}`));
    assert.equal(eventsOf(look(row, plan.memory)), [], "told once");
  });
}

test("each restart that waits is told of", () => {
  const one = look({ name: "", seen: [ended("a", 1, 90, second)], told: [] }, {});
  const two = look({ name: "", seen: [ended("a", 1, 99, { restartCount: 2 })], told: [] }, one.memory);
  assert.equal([eventsOf(one).length, eventsOf(two).length], [1, 1]);
});

test.run();
