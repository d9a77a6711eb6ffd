/**
 * To prove what is built on this library, with what proves the library: contracts that a provider, a container runtime or a way
 * to the API server keeps, a simulation of a whole cluster from one seed, arbitraries of every type for fast-check, and an
 * API server in memory. It needs no test framework and runs wherever `fetch` does; over HTTPS the API server is to be had
 * from `virtual-kubelet/apiserver`.
 *
 * @module
 */

// contracts
export type { Check } from "./contract/check.ts";
export type { PatienceOptions } from "./contract/patience.ts";
export type { BackendContract, BackendSubject, Behaviour, Offer } from "./contract/backend.ts";
export {
  type ProviderContract,
  providerContract,
  type ProviderSubject,
  type RefusedSpec,
} from "./contract/provider.ts";
export {
  type ContainerRuntimeContract,
  containerRuntimeContract,
  type ContainerRuntimeSubject,
} from "./contract/container_runtime.ts";
export { memoryContainer, memoryScript } from "./contract/memory_pods.ts";
export { type ApiPortContract, apiPortContract, type ApiPortSubject } from "./contract/api_port.ts";
export type { Speaker } from "./contract/api_port/context.ts";

// the simulation
export { type Outcome, simulate, type SimulateOptions } from "./sim/scenario.ts";
export type { MakeProvider, ProviderWorld } from "./sim/own_backend.ts";

// arbitraries: what is written in the API
export {
  anyKey,
  anyLabels,
  anyName,
  anyNamespace,
  anyOddName,
  anyUid,
  anyValue,
} from "./arbitraries/names.ts";
export {
  anyDeletion,
  anyMetadata,
  anyMetadataOf,
  anyOwnerReference,
  anyRef,
  anyVersion,
  type Deletion,
  type MetadataParts,
} from "./arbitraries/metadata.ts";
export {
  anyContainer,
  anyContainerOf,
  anyContainerPort,
  anyEnvVar,
  anyImage,
  anyInitContainerOf,
  anyLiteral,
} from "./arbitraries/container.ts";
export { anyNewPod, anyNewPodOf, anyPod, anyPodOf, anyPodSpecOf, type PodParts } from "./arbitraries/pod.ts";
export {
  anyContainerStateWire,
  anyContainerStatusOf,
  anyPodCondition,
  anyPodConditions,
  anyPodStatus,
  anyPodStatusOf,
  anyTerminatedWire,
} from "./arbitraries/pod_status.ts";
export {
  anyForeignNodeOf,
  anyNode,
  anyNodeAddress,
  anyNodeAddresses,
  anyNodeCondition,
  anyNodeConditions,
  anyNodeInfo,
  anyTaint,
  anyTaints,
} from "./arbitraries/node.ts";
export { anyLease } from "./arbitraries/lease.ts";
export { anyAmount, anyNoQuantity, anyQuantity, anyResources } from "./arbitraries/quantity.ts";
export { anyStatus } from "./arbitraries/status.ts";
export { anyBadWireOf, anyJson, anyListOf, anyWatchEventOf, anyWireOf } from "./arbitraries/wire.ts";
export {
  anyMono,
  anyNow,
  anySeconds,
  anyTime,
  anyWall,
  epoch,
  midSeconds,
  momentOf,
} from "./arbitraries/moment.ts";

// arbitraries: what back ends and servers tell
export {
  anyContainerState,
  anyMark,
  anyObservedContainerOf,
  anyObservedPod,
  anyObservedPodOf,
  anyOddObservedPodOf,
  anyTerminated,
  type ObservedParts,
  ourMark,
} from "./arbitraries/observed.ts";
export { anyFault, faultOf, faultTags } from "./arbitraries/fault.ts";
export { anyNodeDescription, anyNodeDescriptionOf, anyNodeFacts } from "./arbitraries/node_description.ts";

// arbitraries: what the core decides from, and what it decides
export { anySeen } from "./arbitraries/seen.ts";
export { anyCheck, anyPodPolicy, anyPodPolicyOf } from "./arbitraries/pod_policy.ts";
export {
  anyOps,
  anyPodMemory,
  anyPodMemoryOf,
  anyRetry,
  type MemoryParts,
} from "./arbitraries/pod_memory.ts";
export {
  anyPodSituation,
  anyPodSituationOf,
  type PodSituation,
  situated,
} from "./arbitraries/pod_situation.ts";
export { anyNodeMemory, anyNodePolicy } from "./arbitraries/node_memory.ts";
export {
  anyActionOf,
  anyIntent,
  anyNodeAction,
  anyPodActionOf,
  anyPodApiActionOf,
  anyProviderActionOf,
  anyRuntimeActionOf,
  intentOf,
} from "./arbitraries/action.ts";
export { anyEmitEvent, anyKubernetesEvent } from "./arbitraries/kubernetes_event.ts";
export { anyBadItem, anyEvent, anyFact, anyOutcome, anyResult } from "./arbitraries/event.ts";
export {
  type Answer,
  anyHistory,
  anySetup,
  anyState,
  anyTurn,
  anyWildHistory,
  type History as NodeHistory,
  play,
  stateAfter,
  synced,
  type Taken,
  type Turn,
} from "./arbitraries/history.ts";

// an API server in memory
export { makeApiServer } from "../adapters/apiserver/server/api_server.ts";
export type { ApiServer, ApiServerOptions, Told } from "../adapters/apiserver/server/api_server.ts";
export type { Dial, DialRequest, Fetch } from "../adapters/apiserver/server/in_process.ts";
export type { Authority, KeyPair, Subject } from "../adapters/apiserver/server/pki.ts";
export type { ControlSettings } from "../adapters/apiserver/controllers/settings.ts";
export type { Expiring } from "../adapters/apiserver/expiring.ts";
export type { History } from "../adapters/apiserver/history.ts";
export type { ApiObject, Json, JsonObject, Meta } from "../adapters/apiserver/object.ts";
export type { Objects } from "../adapters/apiserver/objects.ts";
export type { PlannedFault } from "../adapters/apiserver/planned_fault.ts";
export type { Change, ProxyTarget } from "../adapters/apiserver/response.ts";
export type { ServerSettings, ServerState, StaticUser } from "../adapters/apiserver/state.ts";
export type { User } from "../adapters/apiserver/user.ts";
export type { Clock, LogFields, Logger, LogLevel } from "../adapters/ports.ts";
export type { Millis, Now } from "../core/time.ts";
