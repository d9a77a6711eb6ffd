import { hashJson } from "../hash.ts";
import type { Aspect, Change, Comparison, Draft } from "./change.ts";
import { conditionsDraft } from "./conditions.ts";
import { metadataDraft } from "./metadata.ts";
import { formatOwned, ownedAfter, ownedAnnotation, type Section, sections } from "./owned.ts";
import { specDraft, taintsDraft } from "./spec.ts";
import { statusDraft } from "./status.ts";

const aspectOf: Readonly<Record<Section, Aspect>> = {
  labels: "metadata",
  annotations: "metadata",
  taints: "taints",
  spec: "spec",
  conditions: "conditions",
  addresses: "status",
  capacity: "status",
  allocatable: "status",
  declaredFeatures: "status",
};

/** The ownership once `draft` is written, if it is not there yet: sections that still differ stay as they were. */
const ownership = (comparison: Comparison, drafts: readonly Draft[], draft: Draft): object => {
  const open = new Set(
    drafts.filter((other) => other !== draft && other.drift.length > 0).map((other) => other.aspect),
  );
  const settled = new Set(sections.filter((section) => !open.has(aspectOf[section])));
  const text = formatOwned(ownedAfter(comparison.before, comparison.wanted, settled));
  return comparison.node.metadata.annotations?.[ownedAnnotation] === text
    ? {}
    : { annotations: { [ownedAnnotation]: text } };
};

/** Every write that the node needs, the most urgent first. */
export const changesOf = (comparison: Comparison, heartbeatDue: boolean): readonly Change[] => {
  const drafts = [
    conditionsDraft(comparison),
    statusDraft(comparison),
    specDraft(comparison),
    taintsDraft(comparison),
    metadataDraft(comparison),
  ];
  return drafts.flatMap((draft): readonly Change[] => {
    const { aspect } = draft;
    const routine = draft.drift.length === 0;
    if (routine && !(aspect === "metadata" || aspect === "conditions" && heartbeatDue)) return [];
    const metadata = ownership(comparison, drafts, draft);
    if (routine && aspect === "metadata" && Object.keys(metadata).length === 0) return [];
    const drift = !routine ? draft.drift.join(", ") : aspect === "conditions" ? "heartbeat" : "ownership";
    return [{
      aspect,
      action: draft.action(metadata),
      drift,
      wanted: hashJson(draft.wanted),
      routine: routine && aspect === "conditions",
    }];
  });
};
