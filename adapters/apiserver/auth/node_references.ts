import { at, isObject, listAt, textAt } from "../kinds/fields.ts";
import type { ApiObject, Json, JsonObject } from "../object.ts";
import { keyOf, objectAt, visitAfter } from "../objects.ts";
import { objectsOf, type ServerState } from "../state.ts";

const mirror = "kubernetes.io/config.mirror";

const containersOf = (pod: JsonObject): readonly Json[] => [
  ...listAt(pod, "spec", "initContainers"),
  ...listAt(pod, "spec", "containers"),
  ...listAt(pod, "spec", "ephemeralContainers"),
];

const inEnv = (pod: JsonObject, from: string, key: string): readonly string[] =>
  containersOf(pod).flatMap((container) => [
    ...listAt(container, "envFrom").map((source) => textAt(source, from, "name")),
    ...listAt(container, "env").map((variable) => textAt(variable, "valueFrom", key, "name")),
  ]);

/** Where a volume names a Secret: in a pod, and (with a namespace) in a PersistentVolume. */
const secretPaths: readonly (readonly string[])[] = [
  ["secret", "secretName"],
  ["azureFile", "secretName"],
  ["csi", "nodePublishSecretRef", "name"],
  ...["cephfs", "cinder", "flexVolume", "rbd", "scaleIO", "iscsi", "storageos"].map((type) => [
    type,
    "secretRef",
    "name",
  ]),
];

/** The Secrets that a pod refers to; "" where a name is missing. */
export const secretsOf = (pod: JsonObject): readonly string[] => [
  ...listAt(pod, "spec", "imagePullSecrets").map((secret) => textAt(secret, "name")),
  ...inEnv(pod, "secretRef", "secretKeyRef"),
  ...listAt(pod, "spec", "volumes").flatMap((volume) => [
    ...secretPaths.map((path) => textAt(volume, ...path)),
    ...listAt(volume, "projected", "sources").map((source) => textAt(source, "secret", "name")),
  ]),
];

/** The ConfigMaps that a pod refers to; "" where a name is missing. */
export const configMapsOf = (pod: JsonObject): readonly string[] => [
  ...inEnv(pod, "configMapRef", "configMapKeyRef"),
  ...listAt(pod, "spec", "volumes").flatMap((volume) => [
    textAt(volume, "configMap", "name"),
    ...listAt(volume, "projected", "sources").map((source) => textAt(source, "configMap", "name")),
  ]),
];

const claimsOf = (pod: ApiObject): readonly string[] =>
  listAt(pod, "spec", "volumes").map((volume) =>
    at(volume, "ephemeral") === undefined
      ? textAt(volume, "persistentVolumeClaim", "claimName")
      : `${pod.metadata.name}-${textAt(volume, "name")}`
  );

const referred: Readonly<Record<string, (pod: ApiObject) => readonly string[]>> = {
  secrets: secretsOf,
  configmaps: configMapsOf,
  persistentvolumeclaims: claimsOf,
  serviceaccounts: (pod) => [textAt(pod, "spec", "serviceAccountName")],
};

/** Whether a pod of the node in this namespace has the property. */
const somePod = (
  state: ServerState,
  node: string,
  namespace: string,
  has: (pod: ApiObject) => boolean,
): boolean => {
  const prefix = keyOf(namespace, "");
  let found = false;
  visitAfter(objectsOf(state, "pods"), prefix, (key, pod) => {
    if (!key.startsWith(prefix)) return false;
    // a mirror pod is made by its node, which must not give itself anything by it
    found = textAt(pod, "spec", "nodeName") === node &&
      at(pod, "metadata", "annotations", mirror) === undefined &&
      has(pod);
    return !found;
  });
  return found;
};

/** Secrets that a kubelet needs to mount a PersistentVolume, as `namespace/name`. */
const secretsOfVolume = (volume: ApiObject): readonly string[] => {
  const source = at(volume, "spec");
  const own = textAt(source, "claimRef", "namespace");
  const references = ["cephfs", "cinder", "flexVolume", "rbd", "scaleIO", "iscsi", "storageos"].map((type) =>
    at(source, type, "secretRef")
  );
  const csi = ["nodePublishSecretRef", "nodeStageSecretRef", "nodeExpandSecretRef"].map((name) =>
    at(source, "csi", name)
  );
  const azure = textAt(source, "azureFile", "secretName");
  return [
    ...[...references, ...csi].filter(isObject).map((reference) =>
      keyOf(textAt(reference, "namespace") || own, textAt(reference, "name"))
    ),
    ...(azure === "" ? [] : [keyOf(textAt(source, "azureFile", "secretNamespace") || own, azure)]),
  ];
};

const mountsVolume = (state: ServerState, node: string, volume: ApiObject): boolean => {
  const claim = at(volume, "spec", "claimRef");
  const name = textAt(claim, "name");
  if (name === "") return false;
  return somePod(state, node, textAt(claim, "namespace"), (pod) => claimsOf(pod).includes(name));
};

const mountsSecret = (state: ServerState, node: string, key: string): boolean => {
  let found = false;
  visitAfter(objectsOf(state, "persistentvolumes"), "", (_, volume) => {
    found = secretsOfVolume(volume).includes(key) && mountsVolume(state, node, volume);
    return !found;
  });
  return found;
};

/** Whether an object has to do with a node: it is bound to the node, or a pod of the node refers to it. */
export const isRelated = (
  state: ServerState,
  node: string,
  resource: string,
  namespace: string,
  name: string,
): boolean => {
  const own = (): ApiObject | undefined => objectAt(objectsOf(state, resource), keyOf(namespace, name));
  switch (resource) {
    case "pods":
    case "volumeattachments.storage.k8s.io":
      return textAt(own(), "spec", "nodeName") === node;
    case "persistentvolumes": {
      const volume = own();
      return volume !== undefined && mountsVolume(state, node, volume);
    }
    default: {
      const names = referred[resource];
      if (names === undefined) return false;
      return somePod(state, node, namespace, (pod) => names(pod).includes(name)) ||
        (resource === "secrets" && mountsSecret(state, node, keyOf(namespace, name)));
    }
  }
};
