import fc from "fast-check";
import type { NodeFacts } from "../../core/event.ts";
import type { NodeDescription } from "../../core/node/description.ts";
import { anyLabels } from "./names.ts";
import { anyNodeAddresses, anyNodeConditions, anyNodeInfo, anyTaints } from "./node.ts";
import { anyResources } from "./quantity.ts";
import { anyOf, anyRecord } from "./record.ts";

/** What a node of this name is to be. */
export const anyNodeDescriptionOf = (name: string): fc.Arbitrary<NodeDescription> =>
  anyRecord({
    name: fc.constant(name),
    labels: anyLabels,
    annotations: anyLabels,
    taints: anyTaints,
    capacity: anyResources,
    conditions: anyNodeConditions,
    addresses: anyNodeAddresses,
    nodeInfo: anyNodeInfo,
    lifecycle: anyOf("running", "draining", "drained"),
  }, {
    allocatable: anyResources,
    kubeletPort: anyOf(1, 2),
    declaredFeatures: anyOf<readonly string[]>([], ["ExtendWebSocketsToKubelet"]),
    providerID: fc.constant(`vk://${name}`),
  });

/** What node `n` is to be. */
export const anyNodeDescription: fc.Arbitrary<NodeDescription> = anyNodeDescriptionOf("n");

/** What a back end says of its node. */
export const anyNodeFacts: fc.Arbitrary<NodeFacts> = anyRecord({}, {
  capacity: anyResources,
  allocatable: anyResources,
  conditions: anyNodeConditions,
  addresses: anyNodeAddresses,
  labels: anyLabels,
  annotations: anyLabels,
});
