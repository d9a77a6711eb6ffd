import type { Node } from "../kubernetes/node.ts";

/** Where we keep, on the node itself, the names of what we set: it outlives every process. */
export const ownedAnnotation = "virtual-kubelet.io/owned";

/** The parts of a node in which others may have entries beside ours. */
export const sections = [
  "labels",
  "annotations",
  "taints",
  "spec",
  "conditions",
  "addresses",
  "capacity",
  "allocatable",
  "declaredFeatures",
] as const;

export type Section = typeof sections[number];

/** By section, the names of entries: keys of maps, `key:effect` of taints, types of conditions and addresses. */
export type Owned = Readonly<Record<Section, readonly string[]>>;

const each = (names: (section: Section) => readonly string[]): Owned => ({
  labels: names("labels"),
  annotations: names("annotations"),
  taints: names("taints"),
  spec: names("spec"),
  conditions: names("conditions"),
  addresses: names("addresses"),
  capacity: names("capacity"),
  allocatable: names("allocatable"),
  declaredFeatures: names("declaredFeatures"),
});

const isText = (value: unknown): value is string => typeof value === "string";

/** What the annotation says. Absent or unreadable: we own nothing, so nothing is removed. */
export const parseOwned = (node: Node): Owned => {
  const record = jsonRecord(node.metadata.annotations?.[ownedAnnotation]);
  return each((section) => {
    const names = record[section];
    return Array.isArray(names) ? names.filter(isText) : [];
  });
};

const jsonRecord = (text: string | undefined): Readonly<Record<string, unknown>> => {
  if (text === undefined) return {};
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null ? json as Record<string, unknown> : {};
  } catch {
    return {};
  }
};

/** The annotation's text: sorted and without empty sections, so that equal ownership is equal text. */
export const formatOwned = (owned: Owned): string =>
  JSON.stringify(Object.fromEntries(
    sections.filter((section) => owned[section].length > 0).map((
      section,
    ) => [section, [...new Set(owned[section])].sort()]),
  ));

export const taintName = (taint: { readonly key: string; readonly effect: string }): string =>
  `${taint.key}:${taint.effect}`;

const typeOf = (item: { readonly type: string }): string => item.type;

const inNode = (node: Node, section: Section): readonly string[] => {
  switch (section) {
    case "labels":
      return Object.keys(node.metadata.labels ?? {});
    case "annotations":
      return Object.keys(node.metadata.annotations ?? {});
    case "taints":
      return (node.spec.taints ?? []).map(taintName);
    case "spec":
      return node.spec.unschedulable === true ? ["unschedulable"] : [];
    case "conditions":
      return (node.status.conditions ?? []).map(typeOf);
    case "addresses":
      return [...new Set((node.status.addresses ?? []).map(typeOf))];
    case "capacity":
      return Object.keys(node.status.capacity ?? {});
    case "allocatable":
      return Object.keys(node.status.allocatable ?? {});
    case "declaredFeatures":
      return node.status.declaredFeatures ?? [];
  }
};

/** What we set earlier, no longer want, and is still there: to be removed. */
export const leftovers = (node: Node, before: Owned, wanted: Owned): Owned =>
  each((section) => {
    const gone = before[section].filter((name) =>
      name !== ownedAnnotation && !wanted[section].includes(name)
    );
    if (gone.length === 0) return gone;
    const there = inNode(node, section);
    return gone.filter((name) => there.includes(name));
  });

/** What we own once the sections `settled` are as wanted, while the others are as they were. */
export const ownedAfter = (before: Owned, wanted: Owned, settled: ReadonlySet<Section>): Owned =>
  each((section) => settled.has(section) ? wanted[section] : before[section]);
