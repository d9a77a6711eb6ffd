import { suite } from "uvu";
import * as assert from "uvu/assert";
import { planContainers } from "../../../core/container/plan.ts";
import { planStop } from "../../../core/container/stop.ts";
import { type ContainerView, viewOf } from "../../../core/container/view.ts";
import { goDuration } from "../../../core/container/waiting.ts";
import type { ObservedContainer } from "../../../core/pod/observed.ts";
import {
  at,
  brief,
  container,
  ended,
  epoch,
  observedOf,
  podOf,
  preparing,
  running,
} from "../../tools/containers.ts";

const test = suite("container views");

const shape = {
  apps: [container("a"), container("b")],
  inits: [container("i"), container("s", { restartPolicy: "Always" })],
};

const told = {
  name: "a",
  image: "v1",
  imageID: "sha:1",
  ready: true,
  restartCount: 2,
  containerID: "test://old",
  state: { running: { startedAt: "2026-01-01T00:00:09Z" } },
};

/** The one container of a pod, as `viewOf` shows it. */
const shown = (
  seen: readonly ObservedContainer[] | undefined,
  status: object | undefined,
): ContainerView | undefined => {
  const pod = podOf({ status: status === undefined ? {} : { containerStatuses: [{ ...told, ...status }] } });
  return viewOf(pod, seen === undefined ? undefined : observedOf(...seen))[0];
};

test("viewOf: facts as observed", () => {
  assert.equal(shown([running("a", 5, { restartCount: 3, imageID: "sha:2" })], undefined), {
    name: "a",
    init: false,
    state: { _tag: "Running", startedAt: epoch + 5000 },
    last: undefined,
    restartCount: 3,
    id: "test://a",
    image: "v1",
    imageID: "sha:2",
    ready: true,
    started: true,
  });
});

test("viewOf: what was lost", () => {
  assert.equal(shown([], {}), {
    name: "a",
    init: false,
    state: {
      _tag: "Terminated",
      exitCode: 137,
      reason: "ContainerStatusUnknown",
      message: "The container was running, and the back end no longer knows it",
      startedAt: epoch + 9000,
    },
    last: undefined,
    restartCount: 2,
    id: "test://old",
    image: "v1",
    imageID: "sha:1",
    ready: false,
    started: false,
  });
});

const terminated = (exitCode: number) => ({ terminated: { exitCode } });
const crashing = { waiting: { reason: "CrashLoopBackOff" } };

const viewRows:
  readonly (readonly [string, readonly ObservedContainer[] | undefined, object | undefined, string])[] = [
    ["nothing known", undefined, undefined, "a#0 Waiting ContainerCreating"],
    [
      "never ran by the status",
      [],
      { restartCount: 0, state: { waiting: {} } },
      "a#0 Waiting ContainerCreating",
    ],
    ["ran by the status", undefined, { restartCount: 0 }, "a#0 Terminated 137 ContainerStatusUnknown"],
    ["a restart count is enough", [], { state: undefined }, "a#2 Terminated 137 ContainerStatusUnknown"],
    ["ended by the status", [], { state: terminated(3) }, "a#2 Terminated 3"],
    ["in back-off by the status", [], { state: crashing, lastState: terminated(3) }, "a#2 Terminated 3"],
    [
      "a waiting one waits, whatever the status says",
      [preparing("a", "ErrImagePull")],
      {},
      "a#2 Waiting ErrImagePull",
    ],
    ["waiting without a reason", [preparing("a")], undefined, "a#0 Waiting ContainerCreating"],
    [
      "of several records the running one",
      [ended("a", 1, 0, { restartCount: 9 }), running("a")],
      undefined,
      "a#0 Running",
    ],
    [
      "of several ends the newest",
      [ended("a", 1), ended("a", 2, 0, { restartCount: 1 })],
      undefined,
      "a#1 Terminated 2",
    ],
    [
      "the end before, told by the status",
      [running("a", 0, { restartCount: 3 })],
      { state: terminated(3) },
      "a#3 Running < 3",
    ],
    [
      "the end before, told by a status in back-off",
      [running("a", 0, { restartCount: 3 })],
      { state: crashing, lastState: terminated(4) },
      "a#3 Running < 4",
    ],
    ["the end before, of the same instance", [running("a", 0, { restartCount: 2 })], {
      lastState: terminated(5),
    }, "a#2 Running < 5"],
    [
      "the end before: the back end knows better",
      [running("a", 0, { restartCount: 2, last: { _tag: "Terminated", exitCode: 6 } })],
      { lastState: terminated(5) },
      "a#2 Running < 6",
    ],
  ];

for (const [name, seen, status, expected] of viewRows) {
  test(`viewOf: ${name}`, () => {
    const found = shown(seen, status);
    assert.is(found === undefined ? "" : brief(found), expected);
  });
}

test("viewOf: init containers before containers, PodInitializing until they have succeeded", () => {
  const pod = podOf(shape);
  const lines = (...seen: readonly ObservedContainer[]) =>
    viewOf(pod, observedOf(...seen)).map(brief).join(", ");
  const initial = "Waiting PodInitializing";
  assert.is(lines(), `i#0 ${initial}, s#0 ${initial}, a#0 ${initial}, b#0 ${initial}`);
  assert.is(
    lines(running("s"), ended("i", 0)),
    "i#0 Terminated 0, s#0 Running, a#0 Waiting ContainerCreating, b#0 Waiting ContainerCreating",
  );
  assert.is(lines(ended("i", 1)), `i#0 Terminated 1, s#0 ${initial}, a#0 ${initial}, b#0 ${initial}`);
});

test("ready and started", () => {
  const flags = (seen: ObservedContainer) =>
    viewOf(podOf(), observedOf(seen)).map((each) => [each.ready, each.started]);
  assert.equal(flags(running("a")), [[true, true]]);
  assert.equal(flags(running("a", 0, { ready: false, started: false })), [[false, false]]);
  assert.equal(flags(ended("a", 0)), [[false, false]]);
  assert.equal(flags(preparing("a", "x", { ready: true, started: true })), [[false, false]]);
  const inits = viewOf(podOf(shape), observedOf(ended("i", 0), running("s")));
  assert.equal(inits.slice(0, 2).map((each) => [each.name, each.ready, each.started]), [["i", true, false], [
    "s",
    true,
    true,
  ]]);
});

test("the message of CrashLoopBackOff is the kubelet's", () => {
  const seen = observedOf(ended("a", 1, 0, { restartCount: 4 }));
  const [crash] = planContainers(podOf(), seen, {}, new Set(), at(0)).view;
  assert.equal(crash?.state, {
    _tag: "Waiting",
    reason: "CrashLoopBackOff",
    message: "back-off 1m20s restarting failed container=a pod=web_shop(u-1)",
  });
});

test("durations in the way of Go", () => {
  const rows: readonly (readonly [number, string])[] = [
    [10_000, "10s"],
    [80_000, "1m20s"],
    [300_000, "5m0s"],
    [3_600_000, "1h0m0s"],
    [1_500, "1.5s"],
  ];
  for (const [ms, text] of rows) assert.is(goDuration(ms), text);
});

test("planStop: everything, then sidecars in reverse order", () => {
  const pod = podOf({
    ...shape,
    inits: [container("s", { restartPolicy: "Always" }), container("t", { restartPolicy: "Always" })],
  });
  const stops = (seen: readonly ObservedContainer[] | undefined, ...inFlight: string[]): string =>
    planStop(pod, seen === undefined ? undefined : observedOf(...seen), new Set(inFlight)).join(" ");
  const all = [running("s"), running("t"), running("a"), running("b")];
  assert.is(stops(all), "a b");
  assert.is(stops(all, "a"), "b");
  assert.is(stops(all, "a", "b"), "");
  assert.is(stops([running("s"), running("t"), ended("a", 0), preparing("b")]), "t");
  assert.is(stops([running("s"), running("t")], "t"), "");
  assert.is(stops([running("s"), ended("t", 143)]), "s");
  assert.is(stops([ended("s", 143)]), "");
  assert.is(stops([running("debugger")]), "debugger", "also what the spec does not name");
  assert.is(stops(undefined), "");
});

test.run();
