import type { ObservedContainer, ObservedPod, Owner } from "../../core/pod/observed.ts";
import type { Millis } from "../../core/time.ts";
import { begin, lifeOf, type Lives, removedBy, startedBy, stoppedBy, wantsAgain } from "./lives.ts";

/** What a back end holds. It does at once what it is asked for, and tells the model of it. */
export interface Backend {
  readonly held: ReadonlyMap<string, ObservedPod>;
  create(
    uid: string,
    ref: Pick<ObservedPod, "namespace" | "name">,
    containers: readonly string[],
  ): ObservedPod;
  start(
    uid: string,
    ref: Pick<ObservedPod, "namespace" | "name">,
    container: string,
    instance: number,
  ): ObservedPod;
  stop(uid: string, container: string): ObservedPod | undefined;
  /** Of a whole pod, with all that runs in it. */
  delete(uid: string): void;
  remove(uid: string): void;
  /** A container ends by itself. */
  end(uid: string, container: string, exitCode: number): void;
  /** A pod vanishes, with all that runs in it. */
  lose(uid: string): void;
  /** Holds what somebody else has put there. */
  plant(pod: ObservedPod): void;
}

export interface BackendOptions {
  /** `pods`: it starts again by itself what ended. */
  readonly kind: "pods" | "containers";
  readonly owner: Owner;
  readonly lives: Lives;
  readonly wall: () => Millis;
  readonly onChanged: (pod: ObservedPod) => void;
  readonly onGone: (uid: string) => void;
}

export const makeBackend = ({ kind, owner, lives, wall, onChanged, onGone }: BackendOptions): Backend => {
  const held = new Map<string, ObservedPod>();

  const put = (
    uid: string,
    ref: Pick<ObservedPod, "namespace" | "name">,
    container: ObservedContainer,
  ): ObservedPod => {
    const before = held.get(uid) ?? { uid, ...ref, owner, containers: [] };
    const others = before.containers.filter(({ name }) => name !== container.name);
    const pod = { ...before, containers: [...others, container] };
    held.set(uid, pod);
    return pod;
  };
  const running = (name: string, restartCount: number, before?: ObservedContainer): ObservedContainer => ({
    name,
    restartCount,
    state: { _tag: "Running", startedAt: wall() },
    ...(before?.state._tag === "Terminated" ? { last: before.state } : {}),
  });
  const find = (uid: string, name: string): ObservedContainer | undefined =>
    held.get(uid)?.containers.find((container) => container.name === name);
  const end = (uid: string, name: string, exitCode: number): void => {
    const container = find(uid, name), pod = held.get(uid);
    if (pod === undefined || container?.state._tag !== "Running") return;
    lifeOf(lives, uid)?.live.delete(name);
    put(uid, pod, {
      ...container,
      state: { ...container.state, _tag: "Terminated", exitCode, finishedAt: wall() },
    });
  };
  const drop = (uid: string): void => {
    const life = lifeOf(lives, uid);
    life?.live.clear();
    if (life !== undefined && held.has(uid)) life.past = true;
    if (held.delete(uid)) onGone(uid);
  };

  return {
    held,
    create: (uid, ref, containers) => {
      const known = held.get(uid);
      if (known !== undefined) return known;
      for (const name of containers) {
        startedBy(lives, lifeOf(lives, uid), name, 0);
        put(uid, ref, running(name, 0));
      }
      return held.get(uid)!;
    },
    start: (uid, ref, name, instance) => {
      const before = find(uid, name), pod = held.get(uid);
      if (pod !== undefined && before !== undefined && before.restartCount >= instance) return pod;
      startedBy(lives, lifeOf(lives, uid), name, instance);
      return put(uid, ref, running(name, instance, before));
    },
    stop: (uid, name) => {
      if (find(uid, name)?.state._tag === "Running") stoppedBy(lives, lifeOf(lives, uid), "StopContainer");
      end(uid, name, 143);
      return held.get(uid);
    },
    delete: (uid) => {
      if (held.has(uid)) stoppedBy(lives, lifeOf(lives, uid), "DeletePod");
      drop(uid);
    },
    remove: (uid) => {
      if (held.has(uid)) removedBy(lives, lifeOf(lives, uid));
      drop(uid);
    },
    end: (uid, name, exitCode) => {
      const life = lifeOf(lives, uid);
      if (find(uid, name)?.state._tag !== "Running") return;
      end(uid, name, exitCode);
      const ended = find(uid, name);
      if (kind === "pods" && life !== undefined && ended !== undefined && wantsAgain(life, exitCode)) {
        begin(life, name, ended.restartCount + 1);
        put(uid, held.get(uid)!, running(name, ended.restartCount + 1, ended));
      }
      const pod = held.get(uid);
      if (pod !== undefined) onChanged(pod);
    },
    lose: drop,
    plant: (pod) => {
      held.set(pod.uid, pod);
      onChanged(pod);
    },
  };
};
