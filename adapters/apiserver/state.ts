import type { Millis } from "../../core/time.ts";
import { type Expiring, noneExpiring } from "./expiring.ts";
import type { PlannedFault } from "./planned_fault.ts";
import { type History, noHistory } from "./history.ts";
import { noObjects, type Objects } from "./objects.ts";

/** What a server is set up with. Everything it draws (UIDs, names, token ids) follows from `seed` and a counter. */
export interface ServerSettings {
  readonly seed: string;
  /** Private key of service account tokens (P-256, 32 bytes in hexadecimal). */
  readonly tokenKey: string;
  /** Bearer tokens that are known without being signed: the token to the user. */
  readonly tokens: Readonly<Record<string, StaticUser>>;
  /** PEM of the CA that serving and client certificates are signed with: `kube-root-ca.crt` of each namespace. */
  readonly caBundle: string;
  /** Host and port under which the server is reached, for `KUBERNETES_SERVICE_*` and discovery. */
  readonly address: { readonly host: string; readonly port: number };
  /** The most changes that are kept for watches to resume. */
  readonly historyLimit: number;
  /** How long changes are kept, and with them the pages of a list. */
  readonly historyMs: Millis;
  /** How long Events live. */
  readonly eventMs: Millis;
}

/** Whom a bearer token is for. */
export interface StaticUser {
  readonly name: string;
  readonly groups: readonly string[];
}

/** Everything the server knows. Immutable. */
export interface ServerState {
  readonly settings: ServerSettings;
  /** Grows by one with each write: every resourceVersion is one of its values. */
  readonly revision: number;
  /** By resource: `pods`, `leases.coordination.k8s.io`. */
  readonly objects: Readonly<Record<string, Objects>>;
  readonly history: History;
  /** Objects that live for a while only (Events). */
  readonly expiring: Expiring;
  /** Requests that are to fail, for tests of those who send them. */
  readonly faults: readonly PlannedFault[];
  /** How many random values were drawn. */
  readonly drawn: number;
}

export const defaultSettings: ServerSettings = {
  seed: "virtual-kubelet",
  tokenKey: "01".repeat(32),
  tokens: {},
  caBundle: "",
  address: { host: "127.0.0.1", port: 6443 },
  historyLimit: 10_000,
  historyMs: 300_000,
  eventMs: 3_600_000,
};

/** Nothing but settings; `bootstrap` adds what every cluster begins with. */
export const emptyState = (settings: Partial<ServerSettings> = {}): ServerState => ({
  settings: { ...defaultSettings, ...settings },
  revision: 1,
  objects: {},
  history: noHistory,
  expiring: noneExpiring,
  faults: [],
  drawn: 0,
});

export const objectsOf = (state: ServerState, resource: string): Objects =>
  state.objects[resource] ?? noObjects;
