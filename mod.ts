/**
 * Virtual Kubelet for TypeScript: joins virtual nodes to a Kubernetes cluster and runs their pods wherever a provider
 * runs them. This module is for every runtime, edge included; what needs Node or Deno is a subpath of its own.
 *
 * @example
 * ```ts
 * import { kyApi, memoryProvider, startVirtualNode } from "virtual-kubelet";
 *
 * const api = kyApi({ server: "https://cluster.example:6443", token: "…" });
 * const node = startVirtualNode({ name: "virtual-1", api, provider: memoryProvider() });
 * await node.ready;
 * await node.stop();
 * ```
 *
 * @module
 */

// a node and its pods
export { startVirtualNode, type StopMode, type VirtualNode } from "./adapters/virtual_node.ts";
export type { NodeSource, VirtualNodeOptions } from "./adapters/virtual_node_options.ts";

// what a provider implements
export type {
  ApiPort,
  ApiResponse,
  ApiStream,
  Backend,
  BackendEvent,
  CallOptions,
  Clock,
  CommandOptions,
  ContainerRun,
  ContainerRuntime,
  LogFields,
  Logger,
  LogLevel,
  LogOptions,
  PodConnection,
  Provider,
  RunningCommand,
  Span,
  Telemetry,
  TerminalSize,
} from "./adapters/ports.ts";
export {
  faultOfError,
  isProviderError,
  ProviderError,
  type ProviderErrorCode,
} from "./adapters/provider_error.ts";
export type { AnyBackend } from "./adapters/perform.ts";
export type { EnvPiece, EnvValue, PodIntent, Problem } from "./core/pod/intent.ts";
export type { FilesVolume, ResolvedMount, ResolvedVolume, VolumeFile } from "./core/volume/volume.ts";
export type { Fields } from "./core/fields.ts";
export type { PullCredential } from "./core/pod/pull_credentials.ts";
export { type Argv, expandArgv } from "./core/pod/env.ts";
export { type Addresses, bindEnv } from "./core/pod/env_value.ts";
export { type LateField, lateFields } from "./core/pod/field_ref.ts";
export type {
  ContainerRunning,
  ContainerState,
  ContainerTerminated,
  ContainerWaiting,
  ObservedContainer,
  ObservedPod,
  Owner,
} from "./core/pod/observed.ts";
export type { NodeFacts } from "./core/event.ts";

// providers and adapters for every runtime
export {
  type MemoryFaults,
  type MemoryOptions,
  type MemoryProvider,
  memoryProvider,
} from "./adapters/provider/memory/provider.ts";
export {
  type ContainerScript,
  type MemoryCommand,
  type PodScript,
  scriptOfAnnotations,
} from "./adapters/provider/memory/script.ts";
export { kyApi, type KyApiOptions } from "./adapters/kubernetes/ky.ts";
export { systemClock } from "./adapters/clock.ts";
export { noLogger, noTelemetry } from "./adapters/silent.ts";
export { consoleLogger, type ConsoleLoggerOptions } from "./adapters/telemetry/console_logger.ts";
export { jsonLogger } from "./adapters/telemetry/json_logger.ts";
export type { LineLoggerOptions } from "./adapters/telemetry/level.ts";
export { fromLogger, type FromLoggerOptions, type LeveledLogger } from "./adapters/telemetry/from_logger.ts";

// the kubelet API, to be mounted anywhere
export {
  type KubeletHandler,
  kubeletHandler,
  type KubeletHandlerOptions,
} from "./adapters/kubelet/handler.ts";
export { containerLogsHandler, type ContainerLogsOptions } from "./adapters/kubelet/container_logs.ts";
export { podsHandler, runningPodsHandler, type RunningPodsOptions } from "./adapters/kubelet/pods.ts";
export { type HealthCheck, healthzHandler } from "./adapters/kubelet/healthz.ts";
export {
  type Authorize,
  kubeletAuth,
  type KubeletAuthMode,
  type KubeletAuthOptions,
} from "./adapters/kubelet/auth.ts";
export { parseLogOptions } from "./core/kubelet/log_options.ts";
export { attributesOf } from "./core/kubelet/attributes.ts";

// the pure core
export { reconcilePod } from "./core/pod/reconcile.ts";
export {
  type BackendOp,
  emptyPodMemory,
  type Kill,
  type PodMemory,
  type Retry,
  type Written,
} from "./core/pod/memory.ts";
export { type PodPlan } from "./core/pod/plan.ts";
export { type PodWhy, podWhys } from "./core/pod/why.ts";
export { type ContainersWhy, containersWhys } from "./core/container/why.ts";
export type { Filled } from "./core/why.ts";
export { defaultPodPolicy, type PodPolicy } from "./core/pod/policy.ts";
export { podStatus, type StatusFacts } from "./core/pod/status.ts";
export { type Given, nothingGiven } from "./core/pod/given.ts";
export { type ObjectEntry, type Objects } from "./core/objects/objects.ts";
export type { ObjectKey, ReferredKind, ReferredObject } from "./core/objects/key.ts";
export { defaultObjectPolicy, type ObjectPolicy } from "./core/objects/policy.ts";
export type { ConfigMap } from "./core/kubernetes/config_map.ts";
export type { Secret } from "./core/kubernetes/secret.ts";
export type { Service, ServicePort } from "./core/kubernetes/service.ts";
export type { PersistentVolume, PersistentVolumeClaim } from "./core/kubernetes/persistent_volume.ts";
export type { ServiceAccountToken } from "./core/kubernetes/token.ts";
export { reconcileNode } from "./core/node/reconcile.ts";
export { describeNode, mergeFacts, type NodeOptions, providerTaint } from "./core/node/describe.ts";
export type { NodeDescription, NodeLifecycle } from "./core/node/description.ts";
export { defaultNodePolicy, type NodePolicy, nodePolicy, type OnPingFailure } from "./core/node/policy.ts";
export { emptyNodeMemory, type NodeMemory } from "./core/node/memory.ts";
export { planContainers } from "./core/container/plan.ts";
export type { ContainerView } from "./core/container/view.ts";
export { step, type StepPlan } from "./core/step.ts";
export {
  type BackendEntry,
  initialState,
  type NodeEntry,
  type PodEntry,
  type Policy,
  type Setup,
  type State,
} from "./core/state.ts";
export { lookup, type Table, valuesOf } from "./core/table.ts";
export type { EventSource } from "./core/event_recorder.ts";
export type {
  Action,
  EmitEvent,
  ListBackend,
  NodeAction,
  ObjectAction,
  Plan,
  PodAction,
  PodApiAction,
  ProviderAction,
  RuntimeAction,
  UpdateFiles,
  WriteEvent,
} from "./core/action.ts";
export type { Event, Result } from "./core/event.ts";
export type { Backoff } from "./core/backoff.ts";
export type { Fault, FaultTag } from "./core/fault.ts";
export { absent, present, type Seen, unknown } from "./core/seen.ts";
export type { Millis, Now } from "./core/time.ts";
export { type WatchConfig, watchConfig } from "./core/watch/config.ts";
export { watchStep } from "./core/watch/step.ts";

// Kubernetes as data
export type { BadItem, Decode, Decoded } from "./core/kubernetes/decode.ts";
export type { ApiRequest } from "./core/kubernetes/request.ts";
export type { Lease, LeaseSpec } from "./core/kubernetes/lease.ts";
export type { Status } from "./core/kubernetes/status.ts";
export type { ObjectMeta, ObjectRef, OwnerReference, Uid } from "./core/kubernetes/meta.ts";
export { decodePod, type Pod, type PodSpec, type Volume } from "./core/kubernetes/pod.ts";
export type {
  ContainerStateWire,
  ContainerStatus,
  PodCondition,
  PodPhase,
  PodStatus,
  TerminatedWire,
} from "./core/kubernetes/pod_status.ts";
export type {
  Container,
  ContainerPort,
  ContainerRestartRule,
  EnvVar,
  VolumeMount,
} from "./core/kubernetes/container.ts";
export {
  decodeNode,
  type Node,
  type NodeAddress,
  type NodeCondition,
  type NodeSpecWire,
  type NodeStatus,
  type ResourceList,
  type Taint,
} from "./core/kubernetes/node.ts";
export { version } from "./core/version.ts";
