// One pod, its object in the API and its back end: everything that the reconciler asks for is done at once, and well.
import * as E from "fp-ts/lib/Either.js";
import type { JsonObject } from "../../adapters/apiserver/object.ts";
import { pod as podKind } from "../../adapters/apiserver/kinds/pod.ts";
import { ownedType } from "../../adapters/apiserver/patch/ownership.ts";
import { strategicPatched } from "../../adapters/apiserver/patch/strategic_patch.ts";
import type { EmitEvent, PodAction } from "../../core/action.ts";
import { isSidecar } from "../../core/container/policy.ts";
import { decodePod, type Pod } from "../../core/kubernetes/pod.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import { emptyPodMemory, type PodMemory } from "../../core/pod/memory.ts";
import type { ContainerState, ObservedContainer, ObservedPod } from "../../core/pod/observed.ts";
import type { PodPlan } from "../../core/pod/plan.ts";
import type { PodPolicy } from "../../core/pod/policy.ts";
import { reconcilePod } from "../../core/pod/reconcile.ts";
import { recordPodDone } from "../../core/pod/record.ts";
import { absent, present } from "../../core/seen.ts";
import { formatTime, type Millis, type Now } from "../../core/time.ts";

const type = ownedType(podKind);

const readPod = (object: unknown): Pod => {
  const decoded = decodePod(object);
  if (E.isRight(decoded)) return decoded.right;
  throw new Error(`the pod cannot be read any more: ${decoded.left.problems.join(", ")}`);
};

/** The pod after a patch, as the API server merges it. */
export const patchedPod = (pod: Pod, { body }: ApiRequest): Pod => {
  const { metadata: { resourceVersion: _precondition, ...metadata }, ...patch } = body as {
    readonly metadata: JsonObject;
  };
  const object = JSON.parse(JSON.stringify(pod)) as JsonObject;
  const sent = JSON.parse(JSON.stringify({ ...patch, metadata })) as JsonObject;
  const merged = strategicPatched(type, object, sent);
  if (E.isLeft(merged)) throw new Error(`the patch is refused: ${merged.left.message}`);
  return readPod(merged.right);
};

/** Where it begins. */
export interface PodWorld {
  readonly pod: Pod | undefined;
  readonly held: ObservedPod | undefined;
  readonly policy: PodPolicy;
  readonly now: Now;
}

/** Where it came to rest. */
export interface Rested extends PodWorld {
  readonly memory: PodMemory;
  readonly plan: PodPlan;
  readonly log: readonly { readonly at: Millis; readonly action: PodAction }[];
}

const isOwn = (action: PodAction | EmitEvent): action is PodAction => action._tag !== "EmitEvent";

const withContainer = (pod: ObservedPod, container: ObservedContainer): ObservedPod => ({
  ...pod,
  containers: [...pod.containers.filter(({ name }) => name !== container.name), container],
});

const ended = (container: ObservedContainer, now: Now): ObservedContainer =>
  container.state._tag !== "Running" ? container : {
    ...container,
    state: { ...container.state, _tag: "Terminated", exitCode: 143, finishedAt: now.wall },
  };

const started = (
  { pod, policy }: { readonly pod: Pod; readonly policy: PodPolicy },
  held: ObservedPod | undefined,
  name: string,
  restartCount: number,
  now: Now,
): ObservedPod => {
  const { uid, namespace = "" } = pod.metadata;
  const before = held ?? { uid, namespace, name: pod.metadata.name, owner: policy.owner, containers: [] };
  const old = before.containers.find((container) => container.name === name);
  if (old?.state._tag === "Running") throw new Error(`${name} is started while it runs`);
  const init = (pod.spec.initContainers ?? []).find((container) => container.name === name);
  const { image } = init ?? pod.spec.containers.find((container) => container.name === name) ?? {};
  const times = { startedAt: now.wall, finishedAt: now.wall };
  const state: ContainerState = init !== undefined && !isSidecar(init)
    ? { _tag: "Terminated", exitCode: 0, ...times }
    : { _tag: "Running", startedAt: now.wall };
  return withContainer(before, { name, restartCount, image, state });
};

const maxTurns = 300;

/** Lets it go on until the reconciler wants nothing any more, not even to look again. Throws when that does not come. */
export const rest = (from: PodWorld, memory: PodMemory = emptyPodMemory): Rested => {
  const { policy } = from;
  let { pod, held, now } = from;
  const log: { at: Millis; action: PodAction }[] = [];
  const carryOut = (action: PodAction): void => {
    switch (action._tag) {
      case "CreatePod":
        for (const { name } of action.intent.pod.spec.containers) {
          held = started({ pod: action.intent.pod, policy }, held, name, 0, now);
        }
        break;
      case "StartContainer":
        held = started(
          { pod: action.intent.pod, policy },
          held,
          action.container.name,
          action.restartCount,
          now,
        );
        break;
      case "UpdatePod":
        held = held === undefined ? held : { ...held, specHash: action.intent.specHash };
        break;
      case "StopContainer":
        held = held === undefined ? held : {
          ...held,
          containers: held.containers.map((each) => each.name === action.container ? ended(each, now) : each),
        };
        break;
      case "DeletePod":
      case "RemovePod":
        held = undefined;
        break;
      case "PatchPodStatus":
        pod = pod === undefined ? pod : patchedPod(pod, action.request);
        break;
      case "EvictPod":
        pod = pod === undefined ? pod : {
          ...pod,
          metadata: {
            ...pod.metadata,
            deletionTimestamp: formatTime(now.wall),
            deletionGracePeriodSeconds: 0,
          },
        };
        break;
      case "FinalizePod":
        if ((pod?.metadata.finalizers ?? []).length === 0) pod = undefined;
        break;
      case "ReadPod":
        memory = { ...memory, gone: "confirmed" };
    }
  };
  for (let turn = 0; turn < maxTurns; turn++) {
    const plan = reconcilePod(
      pod === undefined ? absent : present(pod),
      held === undefined ? absent : present(held),
      memory,
      now,
      policy,
    );
    memory = plan.memory;
    const actions = plan.actions.filter(isOwn);
    for (const action of actions) {
      log.push({ at: now.mono, action });
      memory = recordPodDone(memory, action, now, policy).memory;
      carryOut(action);
    }
    if (actions.length > 0) continue;
    const { wakeAt } = plan;
    if (wakeAt === undefined) return { pod, held, policy, now, memory, plan, log };
    if (wakeAt <= now.mono) throw new Error(`wakes in the past: ${plan.why}`);
    now = { mono: wakeAt, wall: now.wall + wakeAt - now.mono };
  }
  throw new Error(
    `never comes to rest: ${log.slice(-5).map(({ at, action }) => `${at} ${action._tag}`).join(", ")}`,
  );
};
