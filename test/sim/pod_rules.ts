import type { ApiObject, JsonObject } from "../../adapters/apiserver/object.ts";
import type { Change } from "../../adapters/apiserver/response.ts";
import { canonicalJson } from "../../core/hash.ts";
import { isTerminal } from "../../core/kubernetes/pod.ts";
import { isEdge, phaseOf, placeOf } from "./edges.ts";
import type { Marks } from "./marks.ts";
import type { Speaker } from "./node.ts";
import type { Story } from "./story.ts";

const fieldOf = (object: ApiObject, field: string): JsonObject => (object[field] ?? {}) as JsonObject;

const foreignConditions = (pod: ApiObject): string =>
  canonicalJson(
    ((fieldOf(pod, "status").conditions ?? []) as readonly JsonObject[]).filter(({ type }) =>
      String(type).startsWith("example.com/")
    ),
  );

/** What an agent must leave as it is. */
const touched = (before: ApiObject, after: ApiObject): readonly string[] => {
  const differs = (what: string, of: (object: ApiObject) => unknown): readonly string[] => {
    const [was, is] = [of(before), of(after)];
    return was === is || canonicalJson(was) === canonicalJson(is) ? [] : [what];
  };
  return [
    ...differs("labels", ({ metadata }) => metadata.labels ?? {}),
    ...differs("annotations", ({ metadata }) => metadata.annotations ?? {}),
    ...differs("finalizers", ({ metadata }) => metadata.finalizers ?? []),
    ...differs("spec", (pod) => fieldOf(pod, "spec")),
    ...foreignConditions(before) === foreignConditions(after) ? [] : ["foreign conditions"],
  ];
};

/** What must hold of every change of a pod's object, whoever makes it. */
export const podRules = (
  { story, marks, fail }: {
    readonly story: Story;
    readonly marks: Marks;
    readonly fail: (what: string) => void;
  },
) =>
({ type, object, previous }: Change, speaker: Speaker | undefined): void => {
  const { name, uid } = object.metadata;
  const [from, to] = [placeOf(previous ?? undefined), type === "DELETED" ? "gone" : placeOf(object)];
  const edge = `${type === "DELETED" ? placeOf(object) : from} -> ${to}`;
  story.tell("server", `pod ${name} ${uid.slice(0, 8)} ${edge}`);
  if (isEdge(edge)) marks.hit(`edge: ${edge}`);
  else if (from !== to) fail(`promise 2: ${name} ${uid} went ${edge}`);
  if (type !== "MODIFIED" || previous === undefined || speaker === undefined) return;
  // of two agents each may start what the other has just stopped
  const ends = !speaker.node.wasDoubled && isTerminal(phaseOf(object)) && !isTerminal(phaseOf(previous));
  if (ends && speaker.node.instances.isLive(uid)) {
    fail(`promise 5: ${speaker.name} said that ${name} ${uid} has ended while it runs`);
  }
  const changed = touched(previous, object);
  if (changed.length > 0) fail(`promise 6: ${speaker.name} changed ${changed.join(", ")} of ${name} ${uid}`);
};
