// A cluster of nothing but pods that run, fed to the pure core in this process: what the API server would send, decoded by
// the watch machine, and answers to everything that the core asks for.
import type { Action } from "../../core/action.ts";
import type { Event, Result } from "../../core/event.ts";
import { decodePod, type Pod } from "../../core/kubernetes/pod.ts";
import type { PodIntent } from "../../core/pod/intent.ts";
import type { ObservedPod } from "../../core/pod/observed.ts";
import { describeNode } from "../../core/node/describe.ts";
import { initialState, type State } from "../../core/state.ts";
import { step } from "../../core/step.ts";
import { formatTime, type Now } from "../../core/time.ts";
import { watchConfig } from "../../core/watch/config.ts";
import { initialWatch, type WatchInput, type WatchState } from "../../core/watch/state.ts";
import { watchStep } from "../../core/watch/step.ts";

export const nodeName = "bench-1";

const config = watchConfig<Pod>({ kind: "Pod", path: "/api/v1/pods", decode: decodePod });
const encoder = new TextEncoder();
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** No two alike, as random as a server's. */
export const uidOf = (index: number): string => {
  const mixed = Math.imul(index + 1, 0x9e3779b1) >>> 0;
  return `${hex(mixed, 8)}-${hex(index & 0xffff, 4)}-4${hex(mixed & 0xfff, 3)}-8${hex(mixed >>> 20, 3)}-${
    hex(Math.imul(mixed, 0x85ebca6b) >>> 0, 12)
  }`;
};

/** The part of an object that a server adds and nobody here reads. */
const managedFields = [{
  manager: "virtual-kubelet",
  operation: "Update",
  apiVersion: "v1",
  time: "2026-11-23T17:06:56Z",
  fieldsType: "FieldsV1",
  fieldsV1: {
    "f:metadata": { "f:labels": { ".": {}, "f:app": {}, "f:node": {} } },
    "f:spec": {
      "f:containers": { 'k:{"name":"main"}': { ".": {}, "f:image": {}, "f:name": {}, "f:resources": {} } },
      "f:enableServiceLinks": {},
      "f:nodeName": {},
      "f:restartPolicy": {},
      "f:tolerations": {},
    },
  },
}];

const tokenVolume = (name: string): unknown => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      {
        downwardAPI: {
          items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
        },
      },
    ],
    defaultMode: 420,
  },
});

/** What an API server 1.36 makes of one of the benchmark's pods. */
export const podWire = (index: number, version: number, status: unknown): unknown => {
  const volume = `kube-api-access-${hex(Math.imul(index + 7, 0xc2b2ae35) >>> 12, 5)}`;
  return {
    kind: "Pod",
    apiVersion: "v1",
    metadata: {
      name: `${nodeName}-${index}`,
      namespace: "default",
      uid: uidOf(index),
      resourceVersion: String(version),
      generation: 1,
      creationTimestamp: formatTime(Date.UTC(2026, 0, 1) + index * 4),
      labels: { app: "bench", node: nodeName },
      managedFields,
    },
    spec: {
      volumes: [tokenVolume(volume)],
      containers: [{
        name: "main",
        image: "bench:1",
        resources: {},
        volumeMounts: [{
          name: volume,
          readOnly: true,
          mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
        }],
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
        imagePullPolicy: "IfNotPresent",
      }],
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 1,
      dnsPolicy: "ClusterFirst",
      serviceAccountName: "default",
      serviceAccount: "default",
      nodeName,
      securityContext: {},
      schedulerName: "default-scheduler",
      tolerations: [{ operator: "Exists" }],
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: "PreemptLowerPriority",
    },
    status,
  };
};

export const pending: unknown = { phase: "Pending", qosClass: "BestEffort" };

const watching = (): WatchState<Pod> => {
  const list = encoder.encode('{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":[]}');
  const ok: WatchInput = { _tag: "Response", status: 200, retryAfterMs: undefined };
  const inputs: readonly WatchInput[] = [
    { _tag: "Start" },
    ok,
    { _tag: "Chunk", bytes: list },
    { _tag: "End" },
    ok,
  ];
  return inputs.reduce<WatchState<Pod>>(
    (state, input) => watchStep(config, state, input, at(0))[0],
    initialWatch,
  );
};

const at = (ms: number): Now => ({ mono: ms, wall: Date.UTC(2026, 0, 1) + ms });

/** How the back end of a {@link Feed} makes a pod. */
export type Create = (intent: PodIntent) => ObservedPod | Promise<ObservedPod>;

/** The core at work on pods. */
export interface Feed {
  readonly state: State;
  readonly now: Now;
  /** Brings a pod to Running: its creation, its status, and the echo of that. */
  run(index: number): Promise<void>;
  /** One event, and whatever follows from it. */
  handle(event: Event): Promise<void>;
}

const nothing: Result = { _tag: "Nothing" };

/** A core that knows of no pod yet. `create` is its back end. */
export const makeFeed = async (create: Create): Promise<Feed> => {
  let state = initialState({
    description: describeNode({ name: nodeName, provider: "bench" }),
    watched: true,
  });
  let watch = watching();
  let ms = 0;
  let version = 1;

  const receive = (object: unknown): readonly Pod[] => {
    const bytes = encoder.encode(`${JSON.stringify({ type: "MODIFIED", object })}\n`);
    const [next, outputs] = watchStep(config, watch, { _tag: "Chunk", bytes }, at(ms));
    watch = next;
    return outputs.flatMap((output) => output._tag === "Applied" ? [output.item] : []);
  };

  const indexOf = (name: string): number => Number(name.slice(nodeName.length + 1));

  const perform = async (action: Action): Promise<void> => {
    if (action._tag === "ListBackend") {
      return await handle({ _tag: "ActionDone", action, result: { _tag: "Listed", pods: [] } });
    }
    if (action._tag === "CreatePod") {
      const pod = await create(action.intent);
      return await handle({ _tag: "ActionDone", action, result: { _tag: "SawPod", pod } });
    }
    await handle({ _tag: "ActionDone", action, result: nothing });
    if (action._tag !== "PatchPodStatus") return;
    const body = action.request.body as { readonly status: object };
    const status = { qosClass: "BestEffort", ...body.status };
    for (const pod of receive(podWire(indexOf(action.ref.name), ++version, status))) {
      await handle({ _tag: "PodApplied", pod });
    }
  };

  const handle = async (event: Event): Promise<void> => {
    ms += 1;
    const [next, plan] = step(state, event, at(ms));
    state = next;
    for (const action of plan.actions) await perform(action);
  };

  await handle({ _tag: "PodsListed", pods: [], bad: [] });
  return {
    get state() {
      return state;
    },
    get now() {
      return at(ms);
    },
    handle,
    run: async (index) => {
      for (const pod of receive(podWire(index, ++version, pending))) {
        await handle({ _tag: "PodApplied", pod });
      }
    },
  };
};

/** A back end that keeps nothing. */
export const forgetful: Create = ({ pod: { metadata, spec }, owner, specHash }) => ({
  uid: metadata.uid,
  namespace: metadata.namespace ?? "",
  name: metadata.name,
  owner,
  specHash,
  podIPs: ["10.0.0.1"],
  containers: spec.containers.map(({ name, image }) => ({
    name,
    image,
    state: { _tag: "Running", startedAt: Date.UTC(2026, 0, 1) },
    restartCount: 0,
    id: `bench://${metadata.uid}/${name}`,
  })),
});
