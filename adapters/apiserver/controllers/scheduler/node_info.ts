import type { Taint } from "../../../../core/kubernetes/node.ts";
import type { ApiObject } from "../../object.ts";
import { isUnschedulable, taintsOf } from "../node_facts.ts";
import { type Amounts, amountsAt, minus, noAmounts, plus } from "./amounts.ts";
import type { HostPort } from "./host_ports.ts";
import { labelsOf } from "./node_selector.ts";

/** What a node offers, as far as its object says it. */
export interface Offer {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly allocatable: Amounts;
  readonly isUnschedulable: boolean;
  /** Taints that keep pods away. */
  readonly taints: readonly Taint[];
  /** Taints of nodes that are taken last. */
  readonly discouraging: readonly Taint[];
}

/** A node with what its pods take. It is there without an offer while only its pods are known. */
export interface NodeInfo {
  readonly offer?: Offer | undefined;
  readonly used: Amounts;
  readonly pods: number;
  readonly ports: readonly HostPort[];
}

export const emptyNode: NodeInfo = { used: noAmounts, pods: 0, ports: [] };

export const offerOf = (node: ApiObject): Offer => ({
  name: node.metadata.name,
  labels: labelsOf(node),
  allocatable: amountsAt(node, "status", "allocatable"),
  isUnschedulable: isUnschedulable(node),
  taints: taintsOf(node).filter(({ effect }) => effect === "NoSchedule" || effect === "NoExecute"),
  discouraging: taintsOf(node).filter(({ effect }) => effect === "PreferNoSchedule"),
});

/** What a pod takes of a node. */
export interface Take {
  readonly requests: Amounts;
  readonly ports: readonly HostPort[];
}

export const withTake = (info: NodeInfo, { requests, ports }: Take): NodeInfo => ({
  ...info,
  used: plus(info.used, requests),
  pods: info.pods + 1,
  ports: ports.length === 0 ? info.ports : [...info.ports, ...ports],
});

const withoutPort = (ports: readonly HostPort[], gone: HostPort): readonly HostPort[] => {
  const at = ports.findIndex(({ ip, protocol, port }) =>
    ip === gone.ip && protocol === gone.protocol && port === gone.port
  );
  return at < 0 ? ports : ports.toSpliced(at, 1);
};

export const withoutTake = (info: NodeInfo, { requests, ports }: Take): NodeInfo => ({
  ...info,
  used: minus(info.used, requests),
  pods: info.pods - 1,
  ports: ports.reduce(withoutPort, info.ports),
});
