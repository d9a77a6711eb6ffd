import type { ApiObject, JsonObject } from "../../adapters/apiserver/object.ts";
import { emptyState, type ServerSettings, type ServerState } from "../../adapters/apiserver/state.ts";
import { putObject } from "../../adapters/apiserver/store.ts";
import type { Now } from "../../core/time.ts";

/** Noon of some day. */
export const noon: Now = { mono: 1_000_000, wall: Date.UTC(2026, 0, 1, 12) };

const plurals: Readonly<Record<string, string>> = {
  Pod: "pods",
  Node: "nodes",
  Secret: "secrets",
  ConfigMap: "configmaps",
  ServiceAccount: "serviceaccounts",
  PersistentVolume: "persistentvolumes",
  PersistentVolumeClaim: "persistentvolumeclaims",
  ClusterRole: "clusterroles",
  ClusterRoleBinding: "clusterrolebindings",
  Role: "roles",
  RoleBinding: "rolebindings",
  CertificateSigningRequest: "certificatesigningrequests",
};

const groupOf = (apiVersion: string): string =>
  apiVersion.includes("/") ? apiVersion.split("/")[0] ?? "" : "";

/** A state that holds these objects, as if they had been written; a uid is the name unless it is said. */
export const stateWith = (
  objects: readonly JsonObject[],
  settings: Partial<ServerSettings> = {},
): ServerState =>
  objects.reduce<ServerState>((state, given) => {
    const apiVersion = typeof given["apiVersion"] === "string" ? given["apiVersion"] : "v1";
    const kind = `${given["kind"]}`;
    const metadata = given["metadata"] as JsonObject;
    const object = {
      ...given,
      apiVersion,
      kind,
      metadata: { uid: `uid-${metadata["name"]}`, creationTimestamp: "2026-01-01T00:00:00Z", ...metadata },
    } as unknown as ApiObject;
    const plural = plurals[kind];
    if (plural === undefined) throw new Error(`stateWith: no plural of ${kind} is known: add it`);
    return putObject(state, { group: groupOf(apiVersion), plural }, object, noon).state;
  }, emptyState(settings));
