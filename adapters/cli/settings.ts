import process from "node:process";
import type { ResourceList, Taint } from "../../core/kubernetes/node.ts";
import type { Millis } from "../../core/time.ts";
import type { LogLevel } from "../ports.ts";
import { logLevels } from "../telemetry/level.ts";
import { choice, duration, file, integer, text, toggle } from "./kinds.ts";
import { ipAddress, labelName, labels, nodeName, resources, taints } from "./kubernetes_kinds.ts";
import { setting, type SettingTable } from "./setting.ts";

/** The values of the settings that every virtual kubelet has. */
export interface RunSettings {
  readonly node: string;
  readonly provider: string;
  readonly config: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly inCluster: boolean;
  readonly cluster: string | undefined;
  readonly startupTimeout: Millis;
  readonly address: string | undefined;
  readonly label: Readonly<Record<string, string>> | undefined;
  readonly taint: readonly Taint[] | undefined;
  readonly capacity: ResourceList | undefined;
  readonly os: "linux" | "windows";
  readonly arch: string;
  readonly kubeletVersion: string | undefined;
  readonly leaseDuration: Millis;
  readonly statusPeriod: Millis;
  readonly listPeriod: Millis | undefined;
  readonly lean: boolean;
  readonly normalEvents: boolean;
  readonly kubelet: boolean;
  readonly port: number;
  readonly listenAddress: string | undefined;
  readonly clientCaFile: string | undefined;
  readonly tlsCertFile: string | undefined;
  readonly tlsPrivateKeyFile: string | undefined;
  readonly webSockets: boolean;
  readonly kubeletAuth: "webhook" | "certificate" | "always-allow";
  readonly drainOnStop: boolean;
  readonly drainTimeout: Millis;
  readonly logLevel: LogLevel;
  readonly logFormat: "text" | "json";
}

type Part<K extends keyof RunSettings> = SettingTable<Pick<RunSettings, K>>;

const second = 1_000;
const hour = 3_600 * second;

/** Node's names of architectures in Go's words, which Kubernetes uses. */
const architectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };
const machine = architectures[process.arch] ?? process.arch;

const general = (providers: readonly string[]): Part<"node" | "provider" | "config"> => ({
  node: setting(nodeName, { help: "name of the node", required: true }),
  provider: setting(choice("NAME", providers), {
    help: `what runs the pods: ${providers.join(", ")}`,
    ...(providers.length === 1 ? { default: providers[0] ?? "" } : { required: true as const }),
  }),
  config: setting(file, { help: "YAML file with settings", inFile: false }),
});

const clusterSettings: Part<"kubeconfig" | "context" | "inCluster" | "cluster" | "startupTimeout"> = {
  kubeconfig: setting(file, {
    group: "Cluster",
    help: "file that says how to reach the cluster",
    defaultText: "KUBECONFIG, else the cluster this runs in, else ~/.kube/config",
  }),
  context: setting(text("NAME", "the name of a context"), {
    group: "Cluster",
    help: "context of the kubeconfig",
    defaultText: "the current one",
  }),
  inCluster: setting(toggle, {
    group: "Cluster",
    help: "use the service account of the pod this runs in, whatever KUBECONFIG says",
    default: false,
  }),
  cluster: setting(labelName, {
    group: "Cluster",
    help: "the mark on all that is created; must not change while pods run, and differs between clusters " +
      "that share a back end",
    defaultText: "from the cluster's CA, else the API server's address",
  }),
  startupTimeout: setting(duration(0), {
    group: "Cluster",
    help: "give up when the node is not ready by then",
    default: 0,
    defaultText: "never",
  }),
};

const nodeSettings: Part<
  "address" | "label" | "taint" | "capacity" | "os" | "arch" | "kubeletVersion" | "leaseDuration"
> = {
  address: setting(ipAddress, {
    group: "Node",
    help: "the node's InternalIP, where the API server calls it",
    defaultText: "this machine's address on the way to the API server",
  }),
  label: setting(labels, { group: "Node", help: "labels, besides the usual ones" }),
  taint: setting(taints, {
    group: "Node",
    help: "taints, none for no taint",
    defaultText: "virtual-kubelet.io/provider=PROVIDER:NoSchedule",
  }),
  capacity: setting(resources, {
    group: "Node",
    help: "what the node offers, where the provider does not say",
    defaultText: "cpu=32,memory=256Gi,pods=110",
  }),
  os: setting(choice("OS", ["linux", "windows"]), {
    group: "Node",
    help: "operating system of the pods",
    default: "linux",
  }),
  arch: setting(text("ARCH", "an architecture in Go's words, like amd64 or arm64"), {
    group: "Node",
    help: "architecture of the pods",
    default: machine,
    defaultText: "this machine's",
  }),
  kubeletVersion: setting(text("VERSION", "a version like v1.36.0"), {
    group: "Node",
    help: "the version that the node reports",
    defaultText: "of the newest Kubernetes tested with",
  }),
  leaseDuration: setting(duration(4 * second, hour, second), {
    group: "Node",
    help: "how long the node counts as alive; its lease is renewed four times as often",
    default: 40 * second,
  }),
};

const writing: Part<"statusPeriod" | "listPeriod" | "lean" | "normalEvents"> = {
  statusPeriod: setting(duration(second), {
    group: "Traffic",
    help: "the node's status is written at least so often",
    default: 300 * second,
  }),
  listPeriod: setting(duration(100), {
    group: "Traffic",
    help: "how often the provider is asked for its pods",
    defaultText: "5m, or 5s when it cannot tell of changes",
  }),
  lean: setting(toggle, {
    group: "Traffic",
    help: "save a write: no last status for a pod that is being deleted",
    default: false,
  }),
  normalEvents: setting(toggle, {
    group: "Traffic",
    help: "write normal events too, not only warnings",
    default: false,
  }),
};

const kubeletSettings: Part<
  | "kubelet"
  | "port"
  | "listenAddress"
  | "clientCaFile"
  | "tlsCertFile"
  | "tlsPrivateKeyFile"
  | "webSockets"
  | "kubeletAuth"
> = {
  kubelet: setting(toggle, {
    group: "Kubelet API",
    help: "the HTTPS server behind kubectl logs",
    default: true,
  }),
  port: setting(integer("N", 0, 65_535), {
    group: "Kubelet API",
    help: "where it listens, 0 for any free port",
    default: 10_250,
  }),
  listenAddress: setting(ipAddress, {
    group: "Kubelet API",
    help: "the local address to listen on",
    defaultText: "--address if it is this machine's, else all",
  }),
  clientCaFile: setting(file, {
    group: "Kubelet API",
    help: "the CA of clients, in PEM",
    defaultText: "what the API server publishes, else the kubeconfig's",
  }),
  tlsCertFile: setting(file, {
    group: "Kubelet API",
    help: "serving certificate, in PEM; re-read when it changes",
    defaultText: "the cluster's under a node's own identity, else self-signed",
  }),
  tlsPrivateKeyFile: setting(file, { group: "Kubelet API", help: "its private key, in PEM" }),
  webSockets: setting(toggle, {
    group: "Kubelet API",
    help: "WebSockets that the API server (1.36 and later) passes on as they are: the declared feature " +
      "ExtendWebSocketsToKubelet",
    default: true,
  }),
  kubeletAuth: setting(choice("MODE", ["webhook", "certificate", "always-allow"]), {
    group: "Kubelet API",
    help: "who may call: webhook (the API server is asked), certificate (the same, without tokens), or " +
      "always-allow (all who show valid credentials)",
    default: "webhook",
  }),
};

const ending: Part<"drainOnStop" | "drainTimeout"> = {
  drainOnStop: setting(toggle, {
    group: "Stopping",
    help: "on SIGTERM delete the node's pods gracefully, instead of leaving them as they are",
    default: false,
  }),
  drainTimeout: setting(duration(second), {
    group: "Stopping",
    help: "leave the rest after that",
    default: 300 * second,
  }),
};

const logging: Part<"logLevel" | "logFormat"> = {
  logLevel: setting(choice("LEVEL", logLevels), {
    group: "Log",
    help: `the lowest level that is logged: ${logLevels.join(", ")}`,
    default: "info",
  }),
  logFormat: setting(choice("FORMAT", ["text", "json"]), {
    group: "Log",
    help: "text, or json: one object a line",
    default: "text",
  }),
};

/** The settings of every virtual kubelet, in the order of the help. */
export const runSettings = (providers: readonly string[]): SettingTable<RunSettings> => ({
  ...general(providers),
  ...clusterSettings,
  ...nodeSettings,
  ...writing,
  ...kubeletSettings,
  ...ending,
  ...logging,
});
