import type { Json, JsonObject } from "../../adapters/apiserver/object.ts";
import type { Act } from "./act.ts";
import type { World } from "./world.ts";

const merge = "application/merge-patch+json";

const anyNode = ({ random, nodes }: World): string => random.pick(nodes).name;

const changeNode = (world: World, patch: Json, subresource = ""): void =>
  void world.server.ask("PATCH", `/api/v1/nodes/${anyNode(world)}${subresource}`, patch as JsonObject, merge);

const leasePath = (name: string): string =>
  `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`;

/** What agents may not undo by themselves is undone: a node may not change its own taints. */
export const nodesHeal = (world: World): void => {
  for (const { name } of world.nodes) {
    const taints = [{ key: "virtual-kubelet.io/provider", value: "sim", effect: "NoSchedule" }];
    world.server.ask("PATCH", `/api/v1/nodes/${name}`, { spec: { taints } }, merge);
  }
};

/** What administrators, and whoever takes a node for theirs, do to nodes and leases. */
export const nodeActs: readonly Act[] = [
  [
    "lease: stolen",
    2,
    (world) =>
      void world.server.ask("PATCH", leasePath(anyNode(world)), { spec: { holderIdentity: "thief" } }, merge),
  ],
  ["lease: deleted", 2, (world) => void world.server.ask("DELETE", leasePath(anyNode(world)))],
  ["node: deleted", 4, (world) => void world.server.ask("DELETE", `/api/v1/nodes/${anyNode(world)}`)],
  ["user: cordon the node", 1, (world) => changeNode(world, { spec: { unschedulable: true } })],
  [
    "user: taint the node",
    1,
    (world) => changeNode(world, { spec: { taints: [{ key: "example.com/busy", effect: "NoSchedule" }] } }),
  ],
  ["user: untaint the node", 1, (world) => changeNode(world, { spec: { taints: [] } })],
  [
    "user: relabel the node",
    1,
    (world) => changeNode(world, { metadata: { labels: { "kubernetes.io/os": "other", type: null } } }),
  ],
  [
    "user: upset the node's status",
    1,
    (world) =>
      changeNode(
        world,
        { status: { capacity: { cpu: `${world.random.below(9)}` }, conditions: null, nodeInfo: null } },
        "/status",
      ),
  ],
];
