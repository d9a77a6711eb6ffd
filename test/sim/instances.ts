import type { Millis } from "../../core/time.ts";
import { type Pod, restartPolicyOf } from "../../core/kubernetes/pod.ts";
import type { ObservedContainer, ObservedPod, Owner } from "../../core/pod/observed.ts";
import type { Chaos } from "./chaos.ts";
import type { Marks } from "./marks.ts";
import { type Course, courseOf, scriptMark } from "./scripts.ts";
import type { Run, Truth } from "./truth.ts";

/** What a back end has: pods with instances that start, end and are stopped in virtual time. */
export interface Instances extends Truth {
  /** Creates a pod with everything in it, or gives what there is. */
  create(pod: Pod, specHash: string | undefined): ObservedPod;
  update(uid: string, specHash: string | undefined): void;
  /** `undefined`: it cannot start now, because the pod or the instance before it is still stopping. */
  start(pod: Pod, container: string, restartCount: number): ObservedPod | undefined;
  /** Stops one container or all of them; calls back when that is done. A whole pod is gone then. */
  stop(uid: string, container: string | undefined, graceMs: Millis, done: () => void): void;
  remove(uid: string): void;
  /** Drops everything that is ours, and tells nobody. */
  forget(): void;
}

interface Held {
  pod: ObservedPod;
  readonly runs: Map<string, Run>;
  /** By container. */
  readonly courses: ReadonlyMap<string, Course | undefined>;
  readonly policy: string;
  /** By container, as the pod names them by now. */
  images: ReadonlyMap<string, string | undefined>;
  stopping: boolean;
}

const imagesOf = ({ spec: { containers, initContainers = [] } }: Pod): Held["images"] =>
  new Map([...containers, ...initContainers].map(({ name, image }) => [name, image]));

export interface InstancesOptions {
  readonly kind: "pods" | "containers";
  readonly owner: Owner;
  readonly chaos: Chaos;
  readonly marks: Marks;
  /** How probable it is that a stop takes longer than it was given. */
  readonly slowStops: number;
  readonly wall: () => Millis;
  readonly onChanged: (pod: ObservedPod) => void;
  readonly onGone: (uid: string) => void;
}

export const makeInstances = (options: InstancesOptions): Instances => {
  const { kind, owner, chaos, marks, wall, onChanged, onGone } = options;
  const { random, timeline } = chaos;
  const held = new Map<string, Held>();
  const runs: Run[] = [];
  const lost = new Set<string>();

  const isHeld = (found: Held): boolean => held.get(found.pod.uid) === found;
  const set = (found: Held, container: ObservedContainer): void => {
    const others = found.pod.containers.filter((each) => each.name !== container.name);
    found.pod = { ...found.pod, containers: [...others, container] };
  };

  const end = (found: Held, name: string, exitCode: number): void => {
    const run = found.runs.get(name);
    const container = found.pod.containers.find((each) => each.name === name);
    if (run === undefined || run.to !== undefined || container?.state._tag !== "Running") return;
    run.to = timeline.now;
    const { startedAt } = container.state;
    set(found, { ...container, state: { _tag: "Terminated", exitCode, startedAt, finishedAt: wall() } });
    const again = found.policy === "Always" || (found.policy === "OnFailure" && exitCode !== 0);
    if (kind === "pods" && again && !found.stopping) {
      marks.hit("back end: restarts a container");
      timeline.after(10_000 + random.below(50_000), () => begin(found, name, run.restartCount + 1));
    }
    onChanged(found.pod);
  };

  const begin = (found: Held, name: string, restartCount: number, tells = true): boolean => {
    if (!isHeld(found) || found.stopping) return false;
    const before = found.pod.containers.find((each) => each.name === name);
    if (before !== undefined && before.restartCount >= restartCount && found.runs.has(name)) return true;
    // however it was asked to: never two instances of a container at a time
    if (before?.state._tag === "Running") return false;
    const last = before?.state._tag === "Terminated" ? before.state : undefined;
    const run: Run = { uid: found.pod.uid, container: name, restartCount, from: timeline.now, to: undefined };
    runs.push(run);
    found.runs.set(name, run);
    const image = found.images.get(name);
    set(found, { name, restartCount, last, image, state: { _tag: "Running", startedAt: wall() } });
    const course = found.courses.has(name) ? found.courses.get(name) : courseOf(undefined, name, chaos);
    if (course !== undefined) {
      timeline.after(course.lastsMs, () => {
        if (chaos.isOn || !course.onlyInChaos) end(found, name, course.exitCode);
      });
    }
    if (tells) onChanged(found.pod);
    return true;
  };

  const hold = (pod: Pod, specHash: string | undefined): Held => {
    const { uid, name, namespace = "", annotations } = pod.metadata;
    const known = held.get(uid);
    if (known !== undefined) return known;
    const script = annotations?.[scriptMark];
    const scripted = script === undefined ? [] : pod.spec.containers;
    const made: Held = {
      pod: { uid, namespace, name, owner, specHash, containers: [] },
      runs: new Map(),
      courses: new Map(scripted.map((each) => [each.name, courseOf(script, each.name, chaos)])),
      policy: kind === "pods" ? restartPolicyOf(pod) : "Never",
      images: imagesOf(pod),
      stopping: false,
    };
    held.set(uid, made);
    return made;
  };
  const drop = (uid: string): boolean => {
    for (const run of held.get(uid)?.runs.values() ?? []) run.to ??= timeline.now;
    return held.delete(uid);
  };

  const stoppingMs = (graceMs: Millis): readonly [Millis, number] => {
    if (chaos.isOn && random.chance(options.slowStops)) {
      marks.hit("back end: stops long after the grace");
      return [graceMs + random.below(60_000), 137];
    }
    const stubborn = random.chance(0.3);
    if (stubborn) marks.hit("back end: ignores SIGTERM");
    return stubborn ? [graceMs, 137] : [Math.min(graceMs, random.below(2_000)), 143];
  };

  return {
    runs,
    lost,
    live: () => runs.filter((run) => run.to === undefined),
    isLive: (uid) => [...held.get(uid)?.runs.values() ?? []].some((run) => run.to === undefined),
    list: () => [...held.values()].map(({ pod }) => pod),
    of: (uid) => held.get(uid)?.pod,
    create: (pod, specHash) => {
      const isNew = !held.has(pod.metadata.uid);
      const found = hold(pod, specHash);
      if (!isNew) return found.pod;
      // of the init containers only the last word is told
      for (const { name, restartPolicy } of pod.spec.initContainers ?? []) {
        if (restartPolicy === "Always") begin(found, name, 0, false);
        else {set(found, {
            name,
            restartCount: 0,
            state: { _tag: "Terminated", exitCode: 0, finishedAt: wall() },
          });}
      }
      for (const { name } of pod.spec.containers) begin(found, name, 0, false);
      // not of one container before the others: a pod is told as a whole
      onChanged(found.pod);
      return found.pod;
    },
    update: (uid, specHash) => {
      const found = held.get(uid);
      if (found === undefined) return;
      found.pod = { ...found.pod, specHash };
      onChanged(found.pod);
    },
    start: (pod, container, restartCount) => {
      const found = hold(pod, undefined);
      found.images = imagesOf(pod);
      return begin(found, container, restartCount) ? found.pod : undefined;
    },
    remove: (uid) => {
      if (drop(uid)) onGone(uid);
    },
    lose: (uid) => {
      if (!held.has(uid)) return;
      lost.add(uid);
      drop(uid);
      marks.hit("back end: loses a pod");
      onGone(uid);
    },
    forget: () => {
      for (const { pod } of [...held.values()]) {
        if (pod.owner?.cluster !== owner.cluster || pod.owner.node !== owner.node) continue;
        lost.add(pod.uid);
        drop(pod.uid);
      }
    },
    giveUp: (uid) => {
      const found = held.get(uid);
      if (found === undefined || kind !== "pods") return;
      marks.hit("back end: gives a pod up");
      found.stopping = true;
      for (const { name } of found.pod.containers) end(found, name, 137);
      found.pod = { ...found.pod, failed: true, reason: "Evicted", message: "sim: reclaimed" };
      onChanged(found.pod);
    },
    plant: (pod) => {
      const planted = pod.containers.map(({ name, restartCount }): Run => ({
        ...{ uid: pod.uid, container: name, restartCount, from: timeline.now, to: undefined },
      }));
      runs.push(...planted);
      held.set(pod.uid, {
        ...{ pod, courses: new Map(), images: new Map(), policy: "Always", stopping: false },
        runs: new Map(planted.map((run) => [run.container, run])),
      });
    },
    stop: (uid, container, graceMs, done) => {
      const found = held.get(uid);
      if (found === undefined) return done();
      if (container === undefined) found.stopping = true;
      const [ms, exitCode] = stoppingMs(graceMs);
      timeline.after(ms, () => {
        const names = container === undefined ? found.pod.containers.map(({ name }) => name) : [container];
        for (const name of names) end(found, name, exitCode);
        if (container === undefined && isHeld(found)) {
          held.delete(uid);
          onGone(uid);
        }
        done();
      });
    },
  };
};
