import { notFound } from "../../api_error.ts";
import { at, listAt, textAt } from "../../kinds/fields.ts";
import type { JsonObject } from "../../object.ts";
import { objectAt } from "../../objects.ts";
import { objectsOf, type ServerState } from "../../state.ts";
import { configMapsOf, secretsOf } from "../node_references.ts";
import { type Fault, quote } from "./write.ts";

const mirror = "kubernetes.io/config.mirror";

const ownerFault = (state: ServerState, node: string, pod: JsonObject): Fault => {
  const owners = listAt(pod, "metadata", "ownerReferences");
  const can = `node ${quote(node)} can only create pods with`;
  if (owners.length > 1) return `${can} a single owner reference set to itself`;
  const [owner] = owners;
  const isOwn = textAt(owner, "apiVersion") === "v1" && textAt(owner, "kind") === "Node" &&
    textAt(owner, "name") === node;
  if (!isOwn) return `${can} an owner reference set to itself`;
  if (at(owner, "controller") !== true) return `${can} a controller owner reference set to itself`;
  if (at(owner, "blockOwnerDeletion") === true) {
    return `node ${quote(node)} must not set blockOwnerDeletion on an owner reference`;
  }
  const own = objectAt(objectsOf(state, "nodes"), node);
  if (own === undefined) return notFound({ group: "", plural: "nodes", name: node });
  const uid = textAt(owner, "uid");
  return uid === own.metadata.uid
    ? undefined
    : `node ${node} UID mismatch: expected ${uid} got ${own.metadata.uid}`;
};

const isNamed = (names: readonly string[]): boolean => names.some((name) => name !== "");

/** Volumes that are made of other objects, and what is said of them. */
const foreignVolumes: readonly (readonly [words: string, ...path: readonly string[]])[] = [
  ["csidrivers (via CSI volumes)", "csi"],
  ["endpoints (via glusterFS volumes)", "glusterfs"],
  ["persistentvolumeclaims", "persistentVolumeClaim"],
  ["persistentvolumeclaims (via ephemeral volumes)", "ephemeral"],
];

const foreignSources: readonly (readonly [words: string, field: string])[] = [
  ["serviceaccounts (via projected volumes)", "serviceAccountToken"],
  ["clustertrustbundles", "clusterTrustBundle"],
  ["podcertificates", "podCertificate"],
];

/** The resource that a pod refers to, in the words of the refusal. */
const referenceOf = (pod: JsonObject): string | undefined => {
  if (textAt(pod, "spec", "serviceAccountName") !== "") return "serviceaccounts";
  if (isNamed(secretsOf(pod))) return "secrets";
  if (isNamed(configMapsOf(pod))) return "configmaps";
  if (listAt(pod, "spec", "resourceClaims").length > 0) return "resourceclaims";
  const volumes = listAt(pod, "spec", "volumes");
  const sources = volumes.flatMap((volume) => listAt(volume, "projected", "sources"));
  const [found] = [
    ...foreignVolumes.filter(([, ...path]) => volumes.some((volume) => at(volume, ...path) !== undefined)),
    ...foreignSources.filter(([, field]) => sources.some((source) => at(source, field) !== undefined)),
  ];
  return found?.[0];
};

/** A node creates nothing but pods that only mirror what it runs anyway: they are its own and give it nothing. */
export const mirrorPodFault = (state: ServerState, node: string, pod: JsonObject): Fault => {
  if (at(pod, "metadata", "annotations", mirror) === undefined) {
    return `pod does not have ${quote(mirror)} annotation, node ${quote(node)} can only create mirror pods`;
  }
  if (textAt(pod, "spec", "nodeName") !== node) {
    return `node ${quote(node)} can only create pods with spec.nodeName set to itself`;
  }
  const owner = ownerFault(state, node, pod);
  if (owner !== undefined) return owner;
  const reference = referenceOf(pod);
  return reference === undefined
    ? undefined
    : `node ${quote(node)} can not create pods that reference ${reference}`;
};
