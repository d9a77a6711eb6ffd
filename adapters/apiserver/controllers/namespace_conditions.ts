import { formatTime, type Now } from "../../../core/time.ts";
import { objectsAt, textAt } from "../kinds/fields.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import type { Content } from "./namespace_contents.ts";

type Said = readonly [type: string, status: "True" | "False", reason: string, message: string];

const remaining = (contents: readonly Content[]): Said => {
  if (contents.length === 0) {
    return ["NamespaceContentRemaining", "False", "ContentRemoved", "All content successfully removed"];
  }
  const texts = contents.map(({ kind, count }) =>
    `${kind.plural}.${kind.group} has ${count} resource instances`
  );
  const message = `Some resources are remaining: ${texts.toSorted().join(", ")}`;
  return ["NamespaceContentRemaining", "True", "SomeResourcesRemain", message];
};

const finalizersOf = (contents: readonly Content[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { finalizers } of contents) {
    for (const [name, count] of Object.entries(finalizers)) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return counts;
};

const finalizing = (contents: readonly Content[]): Said => {
  const counts = finalizersOf(contents);
  if (counts.size === 0) {
    return [
      "NamespaceFinalizersRemaining",
      "False",
      "ContentHasNoFinalizers",
      "All content-preserving finalizers finished",
    ];
  }
  const texts = [...counts].map(([name, count]) => `${name} in ${count} resource instances`);
  const message = `Some content in the namespace has finalizers remaining: ${texts.toSorted().join(", ")}`;
  return ["NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain", message];
};

const discovered: readonly Said[] = [
  [
    "NamespaceDeletionDiscoveryFailure",
    "False",
    "ResourcesDiscovered",
    "All resources successfully discovered",
  ],
  [
    "NamespaceDeletionGroupVersionParsingFailure",
    "False",
    "ParsedGroupVersions",
    "All legacy kube types successfully parsed",
  ],
  [
    "NamespaceDeletionContentFailure",
    "False",
    "ContentDeleted",
    "All content successfully deleted, may be waiting on finalization",
  ],
];

/** `status.conditions` of a namespace that is being deleted and holds `contents`; `undefined` when it says so already. */
export const conditionsFor = (
  namespace: ApiObject,
  contents: readonly Content[],
  now: Now,
): readonly JsonObject[] | undefined => {
  const before = objectsAt(namespace, "status", "conditions");
  let isChanged = false;
  const conditions = [...discovered, remaining(contents), finalizing(contents)].map(
    ([type, status, reason, message]): JsonObject => {
      const old = before.find((condition) => textAt(condition, "type") === type);
      if (
        textAt(old, "status") === status && textAt(old, "reason") === reason &&
        textAt(old, "message") === message
      ) return old ?? {};
      isChanged = true;
      const lastTransitionTime = textAt(old, "status") === status
        ? textAt(old, "lastTransitionTime")
        : formatTime(now.wall);
      return { type, status, lastTransitionTime, reason, message };
    },
  );
  return isChanged ? conditions : undefined;
};
