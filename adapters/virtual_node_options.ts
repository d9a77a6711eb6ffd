import * as E from "fp-ts/lib/Either.js";
import type { NodeFacts } from "../core/event.ts";
import type { Fault } from "../core/fault.ts";
import { describeNode, type NodeOptions } from "../core/node/describe.ts";
import { type NodePolicy, nodePolicy } from "../core/node/policy.ts";
import type { ObjectPolicy } from "../core/objects/policy.ts";
import type { PodPolicy } from "../core/pod/policy.ts";
import { initialState, type State } from "../core/state.ts";
import type { Millis } from "../core/time.ts";
import { checkOf } from "./check.ts";
import { type AnyBackend, isRuntime } from "./perform.ts";
import type { ApiPort, CallOptions, Clock, Logger, Telemetry } from "./ports.ts";

/** Where a node without pods gets its facts from (Go's `NodeProvider`). */
export interface NodeSource {
  /** Throws when what stands behind the node cannot be reached. */
  ping?(options: CallOptions): Promise<void>;
  /** What the node is to say of itself, now and whenever it changes. */
  node?(options: CallOptions): AsyncIterable<NodeFacts>;
}

/** Everything that a virtual node is made of; only the first two are needed. */
export interface VirtualNodeOptions {
  readonly name: string;
  readonly api: ApiPort;
  /** What runs the pods. Without it the node stands alone and runs none. */
  readonly provider?: AnyBackend;
  /** Facts about a node without a provider; a provider tells them by itself. */
  readonly source?: NodeSource;
  /** The provider's name, for the taint and the node's info. `provider` by default. */
  readonly providerName?: string;
  /** What the node is described by, beyond its name. */
  readonly node?: Partial<Omit<NodeOptions, "name" | "provider">>;
  /** Tells clusters apart that share a back end: part of the mark on everything created. */
  readonly cluster?: string;
  readonly podPolicy?: Partial<
    Omit<PodPolicy, "kind" | "canUpdate" | "owner" | "check" | "binds" | "files" | "pulls" | "canUpdateFiles">
  >;
  /** Within which bounds what pods refer to (ConfigMaps, Secrets, services) is watched. */
  readonly objectPolicy?: Partial<Omit<ObjectPolicy, "read">>;
  readonly nodePolicy?: Partial<Omit<NodePolicy, "ping">>;
  /** From one list of the back end to the next: 5 s when it has no `watch`, 5 min when it has. */
  readonly listPeriodMs?: Millis;
  /** How long a call of the back end may take (stops: besides their grace period). Two minutes by default. */
  readonly callTimeoutMs?: Millis;
  /** Called when a write of the node or its lease failed; it is tried again in any case. */
  readonly onNodeWriteFailed?: (fault: Fault) => void;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly telemetry?: Telemetry;
  /** Aborts like `stop("leave")`. */
  readonly signal?: AbortSignal;
}

/** The state that such a node starts from. Throws when the options contradict each other. */
export const stateOf = (options: VirtualNodeOptions): State => {
  const { provider, name } = options;
  const ping = provider?.ping !== undefined || options.source?.ping !== undefined;
  const policy = nodePolicy({ ...options.nodePolicy, ping });
  if (E.isLeft(policy)) throw new Error(`virtual-kubelet: ${policy.left}`);
  const description = describeNode({ provider: options.providerName ?? "provider", ...options.node, name });
  const address = description.addresses.find((each) => each.type === "InternalIP")?.address;
  const runtime = provider !== undefined && isRuntime(provider);
  return initialState({
    description,
    backend: provider !== undefined,
    node: policy.right,
    watched: provider?.watch !== undefined,
    listPeriodMs: options.listPeriodMs,
    objects: { ...options.objectPolicy, read: true },
    pod: {
      hostIP: address,
      ...options.podPolicy,
      kind: runtime ? "containers" : "pods",
      canUpdate: provider !== undefined && !isRuntime(provider) && provider.update !== undefined,
      owner: { cluster: options.cluster ?? "default", node: name },
      binds: provider?.binds ?? [],
      files: provider?.files ?? false,
      pulls: provider?.pulls ?? false,
      canUpdateFiles: provider?.updateFiles !== undefined,
      check: checkOf(provider),
    },
  });
};
