import { type ContainersMemory, recordStarted, recordStartFault } from "../../core/container/memory.ts";
import { podPhaseOf } from "../../core/container/phase.ts";
import { type ContainersPlan, type ContainerStart, planContainers } from "../../core/container/plan.ts";
import type { ContainerView } from "../../core/container/view.ts";
import type { Container } from "../../core/kubernetes/container.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { PodStatus } from "../../core/kubernetes/pod_status.ts";
import { containerStatus } from "../../core/pod/container_status.ts";
import type { ObservedContainer } from "../../core/pod/observed.ts";
import type { Now } from "../../core/time.ts";
import { container, epoch, observedOf, podOf } from "./containers.ts";

/** What one container does: its instances, one after another; after those it runs for ever. */
export interface Script {
  readonly init: boolean;
  readonly instances: readonly { readonly ranMs: number; readonly exitCode: number }[];
  /** How long each start takes. */
  readonly startMs: number;
  /** How many attempts at the first start fail. */
  readonly faults: number;
}

/** One run of the world: whether something happens at step n is the n-th element. */
export interface Scenario {
  readonly policy: string;
  readonly scripts: readonly Script[];
  /** All memory is lost. Starts over at its end. */
  readonly forgets: readonly boolean[];
  /** The status is written (otherwise later). Starts over at its end. */
  readonly writes: readonly boolean[];
  /** The back end loses what runs first. */
  readonly loses: readonly boolean[];
}

/** A start that was carried out, and the end of the instance before it. */
export interface Started {
  readonly name: string;
  readonly restartCount: number;
  readonly at: number;
  readonly before: Ended | undefined;
}

export interface Ended {
  readonly restartCount: number;
  readonly at: number;
  readonly ranMs: number;
  readonly exitCode: number;
  readonly lost: boolean;
}

interface Live {
  readonly restartCount: number;
  readonly from: number;
  readonly until: number;
  readonly exitCode: number;
}

interface Actor {
  readonly spec: Container;
  readonly script: Script;
  readonly instance: number;
  readonly live: Live | undefined;
  readonly ended: Ended | undefined;
  /** The back end still shows its end. */
  readonly shown: boolean;
  readonly starting: { readonly restartCount: number; readonly until: number } | undefined;
  readonly failed: number;
}

/** What happened, for the properties to judge. */
export interface Story {
  readonly started: readonly Started[];
  readonly plans: readonly { readonly plan: ContainersPlan; readonly now: Now }[];
  readonly phases: readonly string[];
  readonly complaints: readonly string[];
  /** Every container as it was at the end. */
  readonly ends: Readonly<Record<string, Ended | "runs" | undefined>>;
  readonly pod: Pod;
  readonly seen: readonly ObservedContainer[];
}

const freeze = <A>(value: A): A => {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const field of Object.values(value)) freeze(field);
  return value;
};

const observed = ({ spec, live, ended, shown }: Actor): readonly ObservedContainer[] => {
  const base = { name: spec.name, id: `world://${spec.name}`, image: spec.image };
  if (live !== undefined) {
    const state = { _tag: "Running", startedAt: epoch + live.from } as const;
    return [{ ...base, state, restartCount: live.restartCount }];
  }
  if (ended === undefined || !shown) return [];
  const { exitCode, restartCount } = ended;
  const finishedAt = epoch + ended.at;
  return [{
    ...base,
    state: { _tag: "Terminated", exitCode, startedAt: finishedAt - ended.ranMs, finishedAt },
    restartCount,
  }];
};

const statusOf = (views: readonly ContainerView[], phase: string): PodStatus => ({
  phase,
  initContainerStatuses: views.filter(({ init }) => init).map(containerStatus),
  containerStatuses: views.filter(({ init }) => !init).map(containerStatus),
});

/** The actor once everything that is due by `mono` has happened. */
const advanced = (actor: Actor, mono: number): Actor => {
  const { live, starting } = actor;
  if (live !== undefined && live.until <= mono) {
    const { restartCount, exitCode, until, from } = live;
    return {
      ...actor,
      live: undefined,
      shown: true,
      ended: { restartCount, exitCode, at: until, ranMs: until - from, lost: false },
    };
  }
  if (starting === undefined || starting.until > mono) return actor;
  const next = actor.script.instances[actor.instance];
  const live2 = {
    restartCount: starting.restartCount,
    from: mono,
    until: mono + (next?.ranMs ?? Infinity),
    exitCode: next?.exitCode ?? 0,
  };
  return { ...actor, starting: undefined, instance: actor.instance + 1, live: live2 };
};

const lostNow = (actor: Actor, mono: number): Actor =>
  actor.live === undefined ? actor : {
    ...actor,
    live: undefined,
    shown: false,
    ended: {
      restartCount: actor.live.restartCount,
      exitCode: 137,
      at: mono,
      ranMs: mono - actor.live.from,
      lost: true,
    },
  };

const nextEvent = (actors: readonly Actor[], wakeAt: number | undefined): number =>
  Math.min(
    wakeAt ?? Infinity,
    ...actors.flatMap(({ live, starting }) => [live?.until ?? Infinity, starting?.until ?? Infinity]),
  );

const pick = (list: readonly boolean[], step: number): boolean =>
  list.length > 0 && list[step % list.length] === true;

const actorsOf = (scripts: readonly Script[]): readonly Actor[] =>
  scripts.map((script, index) => ({
    spec: container(`${script.init ? "i" : "a"}${index}`),
    script,
    instance: 0,
    live: undefined,
    ended: undefined,
    shown: false,
    starting: undefined,
    failed: 0,
  }));

const maxSteps = 600;

/** A running container whose running the status shows: only of those can it be known that they were lost. */
const victimOf = (actors: readonly Actor[], status: PodStatus): Actor | undefined => {
  const shown = [...status.containerStatuses ?? [], ...status.initContainerStatuses ?? []];
  return actors.find(({ spec, live }) =>
    live !== undefined &&
    shown.some(({ name, restartCount, state }) =>
      name === spec.name && restartCount === live.restartCount && state?.running !== undefined
    )
  );
};

/** Makes a plan twice, of frozen input; it must come out the same, and as a whole be sensible. */
const planned = (make: () => ContainersPlan, now: Now, complaints: string[]): ContainersPlan => {
  const plan = freeze(make());
  if (JSON.stringify(make()) !== JSON.stringify(plan)) complaints.push("the same input gave another plan");
  if (plan.wakeAt !== undefined && plan.wakeAt <= now.mono) {
    complaints.push("a wake-up that is not in the future");
  }
  return plan;
};

/**
 * Runs the containers of one pod against a virtual clock until nothing more can happen: plans, carries the plans out,
 * and moves to the next event.
 */
export const playOut = (scenario: Scenario): Story => {
  let actors = actorsOf(scenario.scripts);
  const pod = podOf({
    policy: scenario.policy,
    inits: actors.filter(({ script }) => script.init).map(({ spec }) => spec),
    apps: actors.filter(({ script }) => !script.init).map(({ spec }) => spec),
  });
  const started: Started[] = [],
    plans: Story["plans"][number][] = [],
    phases: string[] = [],
    complaints: string[] = [];
  let status: PodStatus = {}, memory: ContainersMemory = {}, mono = 0;

  const carryOut = (start: ContainerStart, now: Now): void => {
    const { container: { name }, restartCount } = start;
    const actor = actors.find(({ spec }) => spec.name === name);
    if (actor === undefined || actor.live !== undefined || actor.starting !== undefined) {
      complaints.push(`${name}#${restartCount} was started beside itself`);
      return;
    }
    const fails = actor.failed < actor.script.faults;
    if (fails) memory = recordStartFault(memory, start, pod, { _tag: "Unavailable", message: "busy" }, now);
    else {
      memory = recordStarted(memory, start);
      started.push({ name, restartCount, at: mono, before: actor.ended });
    }
    const after = fails
      ? { ...actor, failed: actor.failed + 1 }
      : { ...actor, starting: { restartCount, until: mono + actor.script.startMs } };
    actors = actors.map((each) => each === actor ? after : each);
  };

  for (let step = 0;; step++) {
    if (pick(scenario.forgets, step)) memory = {};
    const now: Now = { mono, wall: epoch + mono };
    const inFlight = new Set(actors.filter(({ starting }) => starting).map(({ spec }) => spec.name));
    const input = freeze([{ ...pod, status }, observedOf(...actors.flatMap(observed)), memory] as const);
    const plan = planned(() => planContainers(...input, inFlight, now), now, complaints);
    memory = plan.memory;
    const phase = podPhaseOf(input[0], plan.view, plan.finished);
    plans.push({ plan, now });
    phases.push(phase);
    if (pick(scenario.writes, step) || plan.finished) status = statusOf(plan.view, phase);
    for (const start of plan.start) carryOut(start, now);
    const victim = scenario.loses[step] === true ? victimOf(actors, status) : undefined;
    if (victim !== undefined) actors = actors.map((each) => each === victim ? lostNow(each, mono) : each);
    const again = plan.start.length > 0 || victim !== undefined;
    const next = again ? mono : nextEvent(actors, plan.wakeAt);
    if (step >= maxSteps) complaints.push("does not come to rest");
    if (step >= maxSteps || next === Infinity) break;
    mono = next;
    actors = actors.map((each) => advanced(each, mono));
  }
  const ends = Object.fromEntries(
    actors.map(({ spec, live, ended }) => [spec.name, live === undefined ? ended : "runs" as const]),
  );
  return {
    started,
    plans,
    phases,
    complaints,
    ends,
    pod: { ...pod, status },
    seen: actors.flatMap(observed),
  };
};
