import type { Taint } from "../kubernetes/node.ts";
import { patchNode } from "../kubernetes/request.ts";
import type { Comparison, Draft } from "./change.ts";
import { taintName } from "./owned.ts";

/** Whether the node takes new pods, and its `providerID` while that is empty. */
export const specDraft = ({ desired, node, wanted, left }: Comparison): Draft => {
  const cordon = wanted.spec.length > 0;
  const id = desired.providerID ?? "";
  const drift: string[] = [];
  const spec: Record<string, unknown> = {};
  if (cordon && node.spec.unschedulable !== true) {
    drift.push("cordon");
    spec.unschedulable = true;
  }
  if (left.spec.length > 0) {
    drift.push("uncordon");
    spec.unschedulable = null;
  }
  if (id !== "" && (node.spec.providerID ?? "") === "") {
    drift.push(`providerID ${id}`);
    spec.providerID = id;
  }
  return {
    aspect: "spec",
    drift,
    wanted: [cordon, id],
    action: (metadata) => ({
      _tag: "PatchNode",
      request: patchNode(desired.name, { metadata, spec }),
    }),
  };
};

const taintText = (taint: Taint): string => `taint ${taint.key}=${taint.value ?? ""}:${taint.effect}`;

const sameTaint = (a: Taint, b: Taint): boolean =>
  taintName(a) === taintName(b) && (a.value ?? "") === (b.value ?? "");

/**
 * Taints. The list is atomic in the API, so the whole of it is sent, the others' taints as they are, on condition
 * that the object has not changed meanwhile: the node controller writes the same list.
 */
export const taintsDraft = ({ desired, node, left }: Comparison): Draft => {
  const have = node.spec.taints ?? [];
  const missing = desired.taints.filter((taint) => !have.some((other) => sameTaint(taint, other)));
  const replaced = new Set([...missing.map(taintName), ...left.taints]);
  const taints = [...have.filter((taint) => !replaced.has(taintName(taint))), ...missing];
  return {
    aspect: "taints",
    drift: [...missing.map(taintText), ...left.taints.map((name) => `taint -${name}`)],
    wanted: desired.taints,
    action: (metadata) => ({
      _tag: "PatchNode",
      request: patchNode(desired.name, {
        metadata: { resourceVersion: node.metadata.resourceVersion, ...metadata },
        spec: { taints },
      }),
    }),
  };
};
