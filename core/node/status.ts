import type { NodeAddress, ResourceList } from "../kubernetes/node.ts";
import { sameQuantity } from "../kubernetes/quantity.ts";
import { patchNodeStatus } from "../kubernetes/request.ts";
import { type Comparison, describePatch, type Draft, mapPatch } from "./change.ts";

interface Part {
  readonly drift: readonly string[];
  readonly patch: object;
}

const nothing: Part = { drift: [], patch: {} };

const sameAddresses = (a: readonly NodeAddress[], b: readonly NodeAddress[]): boolean =>
  a.length === b.length &&
  a.every((item, index) => item.type === b[index]?.type && item.address === b[index].address);

/** Addresses merge by type in the API, but a type may be there twice (dual stack): the whole list is replaced. */
const addressesPart = ({ desired, node, wanted, left }: Comparison): Part => {
  const have = node.status.addresses ?? [];
  const ours = new Set([...wanted.addresses, ...left.addresses]);
  if (sameAddresses(desired.addresses, have.filter((address) => ours.has(address.type)))) return nothing;
  const addresses = [...desired.addresses, ...have.filter((address) => !ours.has(address.type))];
  return {
    drift: [`addresses ${desired.addresses.map((item) => `${item.type}=${item.address}`).join(" ")}`],
    patch: { addresses: [{ $patch: "replace" }, ...addresses] },
  };
};

const resourcesPart = (
  name: "capacity" | "allocatable",
  want: ResourceList,
  { node, left }: Comparison,
): Part => {
  const patch = mapPatch(want, node.status[name], left[name], sameQuantity);
  const drift = describePatch(name, patch);
  return drift.length === 0 ? nothing : { drift, patch: { [name]: patch } };
};

const portPart = ({ desired, node }: Comparison): Part => {
  const port = desired.kubeletPort ?? 0;
  if ((node.status.daemonEndpoints?.kubeletEndpoint?.Port ?? 0) === port) return nothing;
  return { drift: [`port ${port}`], patch: { daemonEndpoints: { kubeletEndpoint: { Port: port } } } };
};

const nodeInfoPart = ({ desired, node }: Comparison): Part => {
  const have = node.status.nodeInfo ?? {};
  const differs = Object.entries(desired.nodeInfo).filter(([key, value]) => (have[key] ?? "") !== value);
  const patch = Object.fromEntries(differs);
  return differs.length === 0
    ? nothing
    : { drift: describePatch("nodeInfo", patch), patch: { nodeInfo: patch } };
};

/**
 * The whole list is replaced, sorted and each name once, as the API server wants it. One that does not know the field drops it: what we
 * have written, by our own annotation, is not written again and again.
 */
const featuresPart = ({ desired, node, before, left }: Comparison): Part => {
  const ours = desired.declaredFeatures ?? [];
  const have = node.status.declaredFeatures;
  const isDropped = have === undefined && ours.every((name) => before.declaredFeatures.includes(name));
  const others = (have ?? []).filter((name) => !left.declaredFeatures.includes(name));
  const features = [...new Set([...others, ...ours])].sort();
  if (isDropped || String(features) === String(have ?? [])) return nothing;
  return { drift: [`features ${features.join(" ")}`], patch: { declaredFeatures: features } };
};

const partsOf = (comparison: Comparison): readonly Part[] => [
  addressesPart(comparison),
  resourcesPart("capacity", comparison.desired.capacity, comparison),
  resourcesPart("allocatable", comparison.desired.allocatable ?? comparison.desired.capacity, comparison),
  portPart(comparison),
  nodeInfoPart(comparison),
  featuresPart(comparison),
];

/** Everything under `status` but the conditions. */
export const statusDraft = (comparison: Comparison): Draft => {
  const { desired } = comparison;
  const parts = partsOf(comparison);
  return {
    aspect: "status",
    drift: parts.flatMap((part) => part.drift),
    wanted: [
      desired.addresses,
      desired.capacity,
      desired.allocatable,
      desired.kubeletPort,
      desired.nodeInfo,
      desired.declaredFeatures,
    ],
    action: (metadata) => ({
      _tag: "PatchNodeStatus",
      request: patchNodeStatus(desired.name, {
        metadata,
        status: Object.assign({}, ...parts.map((part) => part.patch)),
      }),
    }),
  };
};
