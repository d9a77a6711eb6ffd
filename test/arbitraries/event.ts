import fc from "fast-check";
import type { Event, Result } from "../../core/event.ts";
import type { BadItem } from "../../core/kubernetes/decode.ts";
import type { ObjectRef } from "../../core/kubernetes/meta.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { ObservedPod } from "../../core/pod/observed.ts";
import { anyActionOf } from "./action.ts";
import { anyFault } from "./fault.ts";
import { anyForeignNodeOf } from "./node.ts";
import { anyNodeFacts } from "./node_description.ts";
import { anyObservedPodOf, anyOddObservedPodOf } from "./observed.ts";
import { anyTruthOf } from "./observed_story.ts";
import { anyNewPodOf, anyPodOf } from "./pod.ts";
import { anyOf, anyRecord, maybe, seldom } from "./record.ts";

/** The pods that events are about: the second has taken the name of the first. */
export const refs: readonly ObjectRef[] = [
  { namespace: "shop", name: "web", uid: "u-1" },
  { namespace: "shop", name: "web", uid: "u-2" },
  { namespace: "shop", name: "db", uid: "u-3" },
];

/** One of the pods as the API has it: seldom one that was bound to another node. */
const anyApiPod: fc.Arbitrary<Pod> = fc.tuple(anyOf(...refs), anyOf("n", "n", "n", "n", "n", "n", "m")).chain(
  (
    [ref, node],
  ) => fc.oneof(anyNewPodOf({ ref, node, containers: ["a"] }), anyPodOf({ ref, node, containers: ["a"] })),
);

/** One of the pods as the back end has it: as it may be, or as no back end should tell of it. */
const anyBackendPod: fc.Arbitrary<ObservedPod> = anyOf(...refs).chain((ref) =>
  seldom(anyTruthOf(ref, ["a"]), anyObservedPodOf({ ref, containers: ["i", "a"] }))
);

/** A list names nothing twice. */
const distinct = <A>(list: readonly A[], uidOf: (item: A) => string): readonly A[] =>
  list.filter((item, index) => list.findIndex((other) => uidOf(other) === uidOf(item)) === index);

/** What the API lists. */
const anyApiPods: fc.Arbitrary<readonly Pod[]> = fc.array(anyApiPod, { maxLength: 3 }).map((pods) =>
  distinct(pods, ({ metadata }) => metadata.uid)
);

/** What the back end lists. */
const anyBackendPods: fc.Arbitrary<readonly ObservedPod[]> = fc.array(anyBackendPod, { maxLength: 3 }).map((
  pods,
) => distinct(pods, ({ uid }) => uid));

/** One of the pods, in a form that could not be read. */
export const anyBadItem: fc.Arbitrary<BadItem> = anyOf(...refs, { namespace: "", name: "", uid: "" }).map((
  ref,
) => ({ ...ref, resourceVersion: "9", problems: ["spec: expected object"] }));

/** What an action may bring back: it need not fit the action. */
export const anyResult: fc.Arbitrary<Result> = fc.oneof(
  fc.constant<Result>({ _tag: "Nothing" }),
  anyBackendPod.map((pod): Result => ({ _tag: "SawPod", pod })),
  anyBackendPods.map((pods): Result => ({ _tag: "Listed", pods })),
  maybe(anyApiPod).map((pod): Result => ({ _tag: "ReadPod", pod })),
);

const aboutPods: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: anyApiPod.map((pod): Event => ({ _tag: "PodApplied", pod })) },
  {
    weight: 3,
    arbitrary: anyApiPods.map((pods): Event => ({
      _tag: "PodsListed",
      pods,
      bad: [],
    })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(anyApiPods, anyBadItem).map(([pods, bad]): Event => ({
      _tag: "PodsListed",
      pods: pods.filter(({ metadata }) => metadata.uid !== bad.uid),
      bad: [bad],
    })),
  },
  { weight: 1, arbitrary: anyBadItem.map((bad): Event => ({ _tag: "PodUndecodable", bad })) },
  { weight: 2, arbitrary: anyOf(...refs).map(({ uid }): Event => ({ _tag: "PodDeleted", uid })) },
);

const aboutTheBackend: fc.Arbitrary<Event> = fc.oneof(
  { weight: 8, arbitrary: anyBackendPod.map((pod): Event => ({ _tag: "BackendChanged", pod })) },
  { weight: 1, arbitrary: anyOf(...refs).map(({ uid }): Event => ({ _tag: "BackendGone", uid })) },
  { weight: 1, arbitrary: fc.constant<Event>({ _tag: "BackendReset" }) },
);

const aboutTheNode: fc.Arbitrary<Event> = fc.oneof(
  { weight: 3, arbitrary: anyForeignNodeOf("n").map((node): Event => ({ _tag: "NodeApplied", node })) },
  { weight: 1, arbitrary: fc.constant<Event>({ _tag: "NodeAbsent" }) },
  { weight: 1, arbitrary: anyNodeFacts.map((facts): Event => ({ _tag: "NodeFactsChanged", facts })) },
);

/** Any fact, about one of three pods or their node; in a row they may contradict each other. */
export const anyFact: fc.Arbitrary<Event> = fc.oneof(
  { weight: 12, arbitrary: aboutPods },
  { weight: 8, arbitrary: aboutTheBackend },
  { weight: 3, arbitrary: aboutTheNode },
  { weight: 2, arbitrary: fc.constant<Event>({ _tag: "Tick" }) },
  {
    weight: 1,
    arbitrary: anyOf("leave", "leave", "drain").map((mode): Event => ({ _tag: "Shutdown", mode })),
  },
);

/** The outcome of something that may never have been asked for. */
export const anyOutcome: fc.Arbitrary<Event> = fc.oneof(
  anyRecord({ _tag: anyOf("ActionDone"), action: anyActionOf(refs), result: anyResult }),
  anyRecord({ _tag: anyOf("ActionFailed"), action: anyActionOf(refs), fault: anyFault }),
);

/** News of a back end that is broken. */
const anyOddNews: fc.Arbitrary<Event> = anyOf(...refs).chain(anyOddObservedPodOf).map((pod) => ({
  _tag: "BackendChanged",
  pod,
}));

/** Any event: mostly a fact, sometimes an outcome out of nowhere, or news that no back end should tell. */
export const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: anyFact },
  { weight: 1, arbitrary: anyOutcome },
  { weight: 1, arbitrary: anyOddNews },
);
