import fc from "fast-check";
import type { ObjectRef } from "../../core/kubernetes/meta.ts";
import { type BackendOp, emptyPodMemory, type PodMemory, type Retry } from "../../core/pod/memory.ts";
import type { PodPolicy } from "../../core/pod/policy.ts";
import { emptyContainersMemory } from "../../core/container/memory.ts";
import { anyContainersMemory } from "./containers_memory.ts";
import { anyFault } from "./fault.ts";
import { anyMono, anyNow } from "./moment.ts";
import { anyObservedPodOf } from "./observed.ts";
import { anyPodStatus } from "./pod_status.ts";
import { anyOf, anyRecord, maybe } from "./record.ts";

/** Calm, or after some failures: a few, or as many as there may be in a year. */
export const anyRetry: fc.Arbitrary<Retry> = fc.oneof(
  fc.constant({ attempt: 0, notBefore: 0 }),
  anyRecord({
    attempt: fc.oneof(fc.integer({ min: 1, max: 40 }), anyOf(1_000_000)),
    notBefore: anyMono,
  }),
);

const opsOfPods = anyOf("create", "update", "delete");
const opsOfContainers = anyOf("start", "stop");

const opOf = (
  kind: fc.Arbitrary<BackendOp["kind"]>,
  container: fc.Arbitrary<string | undefined>,
): fc.Arbitrary<BackendOp> => anyRecord({ kind, container, at: anyMono, until: anyMono });

/** Operations in flight, as a back end of this kind has them: mostly none. */
export const anyOps = (kind: PodPolicy["kind"]): fc.Arbitrary<readonly BackendOp[]> => {
  const whole = fc.constant(undefined);
  const all = kind === "pods" ? opOf(opsOfPods, whole) : fc.oneof(
    { weight: 4, arbitrary: opOf(opsOfContainers, anyOf("i", "a", "b")) },
    { weight: 1, arbitrary: opOf(anyOf("remove"), whole) },
  );
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.uniqueArray(all, { maxLength: 2, selector: (op) => `${op.container}` }) },
  );
};

/** What {@link anyPodMemoryOf} is not to draw. */
export interface MemoryParts {
  readonly kind: PodPolicy["kind"];
  /** Of the pod. */
  readonly ref: ObjectRef;
  /** Hashes of the specs that may be remembered. */
  readonly hashes: readonly string[];
}

/** What is remembered of a pod; it may make no sense, but for the operations, which are those of its back end. */
export const anyPodMemoryOf = ({ kind, ref, hashes }: MemoryParts): fc.Arbitrary<PodMemory> => {
  const flags = anyRecord({
    seenLive: fc.boolean(),
    endRefused: anyOf(false, false, true),
    created: fc.boolean(),
    ran: fc.boolean(),
    removed: fc.boolean(),
    evicted: fc.boolean(),
    toldAt: anyMono,
    apiOp: anyOf(undefined, undefined, undefined, "status", "finalize", "evict", "read"),
    ops: anyOps(kind),
    backend: anyRetry,
    api: anyRetry,
    gone: anyOf(undefined, "event", "list", "confirmed"),
    containers: kind === "containers" ? anyContainersMemory : fc.constant(emptyContainersMemory),
  });
  const more = anyRecord({}, {
    accepted: anyNow,
    rejected: anyRecord({ specHash: anyOf(...hashes), message: anyOf("no") }),
    warnedOf: anyOf(...hashes),
    appliedHash: anyOf(...hashes),
    missingSince: anyMono,
    written: anyRecord({
      status: anyPodStatus,
      at: anyMono,
      repeats: fc.nat(9),
      echoed: fc.boolean(),
    }),
    kill: anyRecord({ at: anyMono, graceMs: anyOf(0, 1_000, 30_000) }),
    deleteSent: anyRecord({ at: anyMono, until: anyMono }),
    endSent: anyRecord({ phase: anyOf("Failed", "Succeeded") }, { reason: anyOf("r"), message: anyOf("m") }),
    ended: anyObservedPodOf({ ref }),
    finalizedAt: anyMono,
    goneSince: anyMono,
    lastFault: anyFault,
  });
  const drawn = fc.tuple(flags, more, maybe(anyPodStatus)).map(([some, others, writing]): PodMemory => ({
    ...emptyPodMemory,
    ...some,
    ...others,
    writing: some.apiOp === "status" ? writing : undefined,
  }));
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(emptyPodMemory) },
    { weight: 5, arbitrary: drawn },
  );
};

/** Any {@link PodMemory} of any pod. */
export const anyPodMemory: fc.Arbitrary<PodMemory> = anyOf("pods", "containers").chain((kind) =>
  anyPodMemoryOf({ kind, ref: { namespace: "shop", name: "web", uid: "u-1" }, hashes: ["h1", "h2"] })
);
