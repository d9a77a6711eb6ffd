import { type Fields, fieldsOf, listIn, textIn } from "../fields.ts";
import type { Container } from "../kubernetes/container.ts";
import { isMirror, isTerminal, type Pod, type PodSpec } from "../kubernetes/pod.ts";
import { type ObjectKey, objectKey, partsOfKey } from "./key.ts";
import { type Objects, seeObject } from "./objects.ts";
import { tokenKey } from "./token_key.ts";

/** The namespace of the `kubernetes` service, which every pod is told of. */
export const masterNamespace = "default";

/** The keys of the services that a pod is told of (`enableServiceLinks`). */
export const serviceKeys = (pod: Pod): readonly ObjectKey[] => {
  const namespace = pod.metadata.namespace ?? "";
  const links = pod.spec.enableServiceLinks !== false;
  if (links && namespace === masterNamespace) return [objectKey("Service", namespace, "")];
  const master = objectKey("Service", masterNamespace, "kubernetes");
  return links ? [master, objectKey("Service", namespace, "")] : [master];
};

const named = (
  kind: "ConfigMap" | "Secret",
  namespace: string,
  reference: Fields,
): readonly ObjectKey[] => {
  const name = textIn(reference, "name") ?? "";
  return name === "" ? [] : [objectKey(kind, namespace, name)];
};

const keysOfEnv = (namespace: string, { env = [], envFrom = [] }: Container): readonly ObjectKey[] => [
  ...envFrom.map(fieldsOf).flatMap((source) => [
    ...named("ConfigMap", namespace, fieldsOf(source.configMapRef)),
    ...named("Secret", namespace, fieldsOf(source.secretRef)),
  ]),
  ...env.flatMap(({ valueFrom = {} }) => [
    ...named("ConfigMap", namespace, fieldsOf(valueFrom.configMapKeyRef)),
    ...named("Secret", namespace, fieldsOf(valueFrom.secretKeyRef)),
  ]),
];

const keysOfSource = (pod: Pod, kind: string, source: Fields): readonly ObjectKey[] => {
  const namespace = pod.metadata.namespace ?? "";
  switch (kind) {
    case "configMap":
      return named("ConfigMap", namespace, source);
    case "secret":
      return named("Secret", namespace, { name: source.secretName ?? source.name });
    case "persistentVolumeClaim": {
      const name = textIn(source, "claimName") ?? "";
      return name === "" ? [] : [objectKey("PersistentVolumeClaim", namespace, name)];
    }
    case "serviceAccountToken":
      return [tokenKey(pod, source).key];
    case "projected":
      return listIn(source, "sources").map(fieldsOf).flatMap((one) =>
        Object.keys(one).flatMap((inner) => keysOfSource(pod, inner, fieldsOf(one[inner])))
      );
    default:
      return [];
  }
};

/** The names of the volumes that some container mounts: the others are not there. */
export const mountedVolumes = (spec: PodSpec): ReadonlySet<string> =>
  new Set(allContainers(spec).flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name)));

/** What the files of the pod's volumes are made of. */
export const fileKeys = (pod: Pod): readonly ObjectKey[] => {
  const { volumes = [] } = pod.spec;
  if (volumes.length === 0) return [];
  const mounted = mountedVolumes(pod.spec);
  return volumes.filter(({ name }) => mounted.has(name)).flatMap((volume) =>
    Object.entries(volume).flatMap(([kind, source]) => keysOfSource(pod, kind, fieldsOf(source)))
  );
};

/** Init containers first, as they run. */
export const allContainers = ({ initContainers = [], containers }: PodSpec): readonly Container[] => [
  ...initContainers,
  ...containers,
];

/** What a claim, as far as it is known, is bound to. */
const volumeKeys = (known: Objects, key: ObjectKey): readonly ObjectKey[] => {
  const { kind, name } = partsOfKey(key);
  if (kind !== "PersistentVolumeClaim") return [];
  const claim = seeObject(known, key, name);
  if (claim._tag !== "Present" || claim.value.kind !== "PersistentVolumeClaim") return [];
  const { volumeName } = claim.value;
  return volumeName === "" ? [] : [objectKey("PersistentVolume", "", volumeName)];
};

/** What a back end is given besides the environment. */
export interface Needs {
  /** The files of volumes. */
  readonly files?: boolean;
  /** Credentials to pull images with. */
  readonly pulls?: boolean;
}

/**
 * Everything that has to be read to run the pod, each key once; of claims also, as far as they are known, what they are bound
 * to.
 */
export const referencesOf = (pod: Pod, needs: Needs = {}, known?: Objects): readonly ObjectKey[] => {
  const namespace = pod.metadata.namespace ?? "";
  const keys = allContainers(pod.spec).flatMap((container) => keysOfEnv(namespace, container));
  const own = needs.files === true ? fileKeys(pod) : [];
  const pulls = needs.pulls === true ? pod.spec.imagePullSecrets ?? [] : [];
  const secrets = pulls.flatMap((reference) => named("Secret", namespace, { ...reference }));
  const bound = known === undefined ? [] : own.flatMap((key) => volumeKeys(known, key));
  return [...new Set([...serviceKeys(pod), ...keys, ...own, ...bound, ...secrets])];
};

/** It may still be given something: it has not ended, and runs here. */
export const needsObjects = (pod: Pod): boolean => !isTerminal(pod.status.phase) && !isMirror(pod);

/** What has to be watched for these pods: all that they refer to, while they may still be given something. */
export const watchedFor = (pods: Iterable<Pod>, needs: Needs = {}): ReadonlySet<ObjectKey> => {
  const keys = new Set<ObjectKey>();
  for (const pod of pods) {
    if (needsObjects(pod)) { for (const key of referencesOf(pod, needs)) keys.add(key); }
  }
  return keys;
};
