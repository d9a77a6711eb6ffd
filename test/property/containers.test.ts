import fc from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { planContainers } from "../../core/container/plan.ts";
import { crashLoopMs, defaultContainerPolicy } from "../../core/container/policy.ts";
import { playOut, type Scenario, type Script, type Started, type Story } from "../tools/container_world.ts";
import type { PodStatus } from "../../core/kubernetes/pod_status.ts";
import { at, container, observedOf, podOf } from "../tools/containers.ts";

const test = suite("containers of a pod, any story");

const never: readonly boolean[] = [];
const sometimes: fc.Arbitrary<readonly boolean[]> = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });

const instance = fc.record({
  ranMs: fc.oneof(
    fc.integer({ min: 0, max: 60_000 }),
    fc.constantFrom(0, 599_999, 600_000, 600_001, 2_000_000),
  ),
  exitCode: fc.constantFrom(0, 0, 1, 7, 143),
});

const scriptOf = (init: boolean, calm: boolean): fc.Arbitrary<Script> =>
  fc.record({
    init: fc.constant(init),
    instances: fc.array(instance, { maxLength: 12 }),
    startMs: calm ? fc.constant(0) : fc.integer({ min: 0, max: 2000 }),
    faults: calm ? fc.constant(0) : fc.integer({ min: 0, max: 6 }),
  });

// An init container that runs for ever is a pod that never starts: allowed, but rare.
const initOf = (calm: boolean): fc.Arbitrary<Script> =>
  fc.tuple(scriptOf(true, calm), fc.integer({ min: 0, max: 9 })).map(([script, chance]) =>
    chance === 0 ? script : { ...script, instances: [...script.instances, { ranMs: 5, exitCode: 0 }] }
  );

const scenarioOf = (
  options: { readonly calm: boolean; readonly forgets: boolean; readonly loses: boolean },
): fc.Arbitrary<Scenario> =>
  fc.record({
    policy: fc.constantFrom("Always", "OnFailure", "Never"),
    scripts: fc.tuple(
      fc.array(initOf(options.calm), { maxLength: 2 }),
      fc.array(scriptOf(false, options.calm), { minLength: 1, maxLength: 3 }),
    ).map(([inits, apps]) => [...inits, ...apps]),
    forgets: options.forgets ? sometimes : fc.constant(never),
    writes: sometimes.map((list) => [...list, true]),
    loses: options.loses ? sometimes : fc.constant(never),
  });

const anything = scenarioOf({ calm: false, forgets: true, loses: true });

const check = (scenarios: fc.Arbitrary<Scenario>, judge: (story: Story, scenario: Scenario) => void): void =>
  fc.assert(fc.property(scenarios, (scenario) => judge(playOut(scenario), scenario)));

/** Restarts in a row before each start, as the rule says it: the reference that the plans are held against. */
const levels = (starts: readonly Started[]): readonly number[] => {
  let level = -1;
  return starts.map(({ before }) => {
    level = before === undefined ? -1 : before.ranMs >= 600_000 ? 0 : level + 1;
    return level;
  });
};

const startsOf = (story: Story, name: string): readonly Started[] =>
  story.started.filter((each) => each.name === name);
const names = (story: Story): readonly string[] => Object.keys(story.ends);
const isInit = (name: string): boolean => name.startsWith("i");

test("pure, calm, and one instance at a time", () => {
  check(anything, (story) => assert.equal(story.complaints, []));
});

test("no instance is started twice, and restart counts only grow", () => {
  check(anything, (story) => {
    for (const name of names(story)) {
      const counts = startsOf(story, name).map(({ restartCount }) => restartCount);
      assert.equal(counts, counts.map((_, index) => index));
      const shown = story.plans.map(({ plan }) =>
        plan.view.find((view) => view.name === name)?.restartCount ?? -1
      );
      assert.ok(shown.every((count, index) => count >= (shown[index - 1] ?? 0)), `${name}: ${shown}`);
    }
  });
});

test("init containers one after another, each to success, before any container", () => {
  check(anything, (story, scenario) => {
    const inits = names(story).filter(isInit);
    for (const { name, at: time } of story.started) {
      const before = isInit(name) ? inits.slice(0, inits.indexOf(name)) : inits;
      for (const init of before) {
        const end = story.ends[init];
        assert.ok(
          end !== undefined && end !== "runs" && end.exitCode === 0 && end.at <= time,
          `${name} after ${init}`,
        );
      }
    }
    if (scenario.policy === "Never") assert.ok(story.started.every(({ restartCount }) => restartCount === 0));
  });
});

test("only what the policy wants is started again", () => {
  check(anything, (story, scenario) => {
    for (const { name, before } of story.started) {
      if (before === undefined) continue;
      const allowed = scenario.policy === "Always"
        ? !isInit(name) || before.exitCode !== 0
        : scenario.policy === "OnFailure" && before.exitCode !== 0;
      assert.ok(allowed, `${name} after ${before.exitCode}`);
    }
  });
});

test("restarts come exactly when the rule says, when nothing is in the way", () => {
  check(scenarioOf({ calm: true, forgets: false, loses: false }), (story) => {
    for (const name of names(story)) {
      const starts = startsOf(story, name), rule = levels(starts);
      starts.forEach(({ before, at: time }, index) => {
        if (before !== undefined) {
          assert.is(time - before.at, crashLoopMs(defaultContainerPolicy, rule[index] ?? NaN));
        }
      });
    }
  });
});

test("losing memory never makes a restart early, nor later than the cap", () => {
  // Starts of up to four containers may stand in the queue, for 2 s each, and a first start may have failed before.
  const slackMs = 10_000;
  check(scenarioOf({ calm: false, forgets: true, loses: false }), (story) => {
    for (const name of names(story)) {
      const starts = startsOf(story, name), rule = levels(starts);
      starts.forEach(({ before, at: time }, index) => {
        if (before === undefined) return;
        const delay = time - before.at;
        assert.ok(
          delay >= crashLoopMs(defaultContainerPolicy, rule[index] ?? NaN),
          `${name}#${index}: early, ${delay}`,
        );
        assert.ok(
          delay <= defaultContainerPolicy.crashLoop.capMs + slackMs,
          `${name}#${index}: late, ${delay}`,
        );
      });
    }
  });
});

test("what the back end loses is never started early, and always started again", () => {
  check(scenarioOf({ calm: false, forgets: true, loses: true }), (story, scenario) => {
    for (const name of names(story)) {
      const starts = startsOf(story, name), rule = levels(starts);
      starts.forEach(({ before, at: time }, index) => {
        if (before === undefined) return;
        assert.ok(
          time - before.at >= crashLoopMs(defaultContainerPolicy, rule[index] ?? NaN),
          `${name}#${index}`,
        );
      });
      const end = story.ends[name];
      if (scenario.policy !== "Never" && end !== undefined && end !== "runs") {
        assert.not(end.lost, `${name} stays lost`);
      }
    }
  });
});

test("every story ends as its exit codes say", () => {
  check(anything, (story, scenario) => {
    const ends = names(story).map((name) => [name, story.ends[name]] as const);
    const runs = ends.some(([, end]) => end === "runs");
    const last = story.plans[story.plans.length - 1]?.plan;
    assert.is(last?.finished, !runs, last?.why);
    if (runs) return;
    const apps = ends.filter(([name]) => !isInit(name));
    const success = apps.every(([, end]) => end !== undefined && end !== "runs" && end.exitCode === 0);
    assert.is(story.phases[story.phases.length - 1], success ? "Succeeded" : "Failed");
    assert.is(
      scenario.policy === "Always" && apps.every(([, end]) => end !== undefined),
      false,
      "Always never ends",
    );
  });
});

test("the phase only goes forward", () => {
  const rank = ["Pending", "Running", "Succeeded", "Failed"];
  check(anything, (story) => {
    const ranks = story.phases.map((phase) => rank.indexOf(phase));
    assert.ok(ranks.every((now, index) => now >= (ranks[index - 1] ?? 0)), story.phases.join(" "));
    const final = story.phases.filter((phase) => phase === "Succeeded" || phase === "Failed");
    assert.is(
      final.length,
      story.plans.filter(({ plan }) => plan.finished).length,
      "final exactly when finished",
    );
  });
});

test("finished is for good, with any memory, by the status or by the back end alone", () => {
  const judge = (statuses: (story: Story) => readonly PodStatus[]) => (story: Story) => {
    const finished = story.plans.map(({ plan }) => plan.finished);
    assert.ok(finished.every((done, index) => !done || index === finished.length - 1));
    if (finished[finished.length - 1] !== true) return;
    for (const status of statuses(story)) {
      const later = planContainers(
        { ...story.pod, status },
        observedOf(...story.seen),
        {},
        new Set(),
        at(1e9),
      );
      assert.equal([later.finished, later.start, later.stop, later.wakeAt], [true, [], [], undefined]);
    }
  };
  check(anything, judge(({ pod }) => [pod.status]));
  check(scenarioOf({ calm: false, forgets: true, loses: false }), judge(({ pod }) => [pod.status, {}]));
});

test("what is in flight is neither started nor stopped", () => {
  const names = ["i", "a", "b"];
  const state = fc.constantFrom("none", "running", "ended", "outdated");
  fc.assert(
    fc.property(fc.array(state, { minLength: 3, maxLength: 3 }), fc.subarray(names), (states, busy) => {
      const pod = podOf({ inits: [container("i")], apps: [container("a"), container("b")] });
      const seen = names.flatMap((name, index) => {
        const image = states[index] === "outdated" ? "v0" : "v1";
        const running = { _tag: "Running", startedAt: 0 } as const,
          end = { _tag: "Terminated", exitCode: 1 } as const;
        return states[index] === "none"
          ? []
          : [{ name, image, restartCount: 0, state: states[index] === "ended" ? end : running }];
      });
      const plan = planContainers(pod, observedOf(...seen), {}, new Set(busy), at(0));
      assert.ok(plan.start.length <= 1);
      for (const { container: { name } } of plan.start) assert.not(busy.includes(name));
      for (const { container: name } of plan.stop) assert.not(busy.includes(name));
      if (busy.length > 0) assert.is(plan.finished, false);
    }),
  );
});

test.run();
