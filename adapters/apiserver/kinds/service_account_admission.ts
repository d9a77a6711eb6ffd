import { type Either, left, right } from "fp-ts/lib/Either.js";
import { type ApiError, forbidden } from "../api_error.ts";
import type { Context } from "../kind.ts";
import { drawSuffix } from "../names.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { keyOf, objectAt as storedAt } from "../objects.ts";
import { objectsOf } from "../state.ts";
import { at, listAt, objectAt, objectsAt, textAt, withDefaults, withField, withItems } from "./fields.ts";

const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
const prefix = "kube-api-access-";

/** The token (bound to the pod, good for an hour and seven seconds), the CA and the namespace, as one directory. */
const tokenVolume = (name: string): JsonObject => ({
  name,
  projected: {
    defaultMode: 420,
    sources: [
      { serviceAccountToken: { path: "token", expirationSeconds: 3607 } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      {
        downwardAPI: {
          items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
        },
      },
    ],
  },
});

const isMounted = (container: JsonObject): boolean =>
  objectsAt(container, "volumeMounts").some((mount) => textAt(mount, "mountPath") === mountPath);

const withToken = (spec: JsonObject, suffix: string): JsonObject => {
  const had = objectsAt(spec, "volumes").map((volume) => textAt(volume, "name")).find((name) =>
    name.startsWith(prefix)
  );
  const name = had ?? `${prefix}${suffix}`;
  const needed = [...objectsAt(spec, "initContainers"), ...objectsAt(spec, "containers")].some((one) =>
    !isMounted(one)
  );
  if (!needed) return spec;
  const mounted = ["initContainers", "containers"].reduce(
    (object, list) =>
      withItems(object, list, (container) =>
        isMounted(container) ? container : {
          ...container,
          volumeMounts: [...listAt(container, "volumeMounts"), { name, readOnly: true, mountPath }],
        }),
    spec,
  );
  return had === undefined
    ? { ...mounted, volumes: [...listAt(spec, "volumes"), tokenVolume(name)] }
    : mounted;
};

const pullSecretsOf = (account: ApiObject): readonly JsonObject[] =>
  objectsAt(account, "imagePullSecrets").map((secret) => ({ name: textAt(secret, "name") }));

const withPullSecrets = (spec: JsonObject, account: ApiObject): JsonObject => {
  const secrets = pullSecretsOf(account);
  return secrets.length === 0 ? spec : withDefaults(spec, { imagePullSecrets: secrets });
};

export const isMirror = (pod: ApiObject): boolean =>
  at(pod, "metadata", "annotations", "kubernetes.io/config.mirror") !== undefined;

/** Names the pod's service account (`default`), which must be there, and mounts its token unless somebody said no. */
export const admitServiceAccount = (pod: ApiObject, { state }: Context): Either<ApiError, ApiObject> => {
  if (isMirror(pod)) return right(pod);
  const spec = objectAt(pod, "spec");
  const namespace = pod.metadata.namespace ?? "";
  const name = textAt(spec, "serviceAccountName") || "default";
  const account = storedAt(objectsOf(state, "serviceaccounts"), keyOf(namespace, name));
  if (account === undefined) {
    return left(forbidden(
      { group: "", plural: "pods", name: textAt(pod, "metadata", "name") },
      `error looking up service account ${namespace}/${name}: serviceaccount ${
        JSON.stringify(name)
      } not found`,
    ));
  }
  const automount = at(spec, "automountServiceAccountToken") ?? at(account, "automountServiceAccountToken") ??
    true;
  const named = { ...spec, serviceAccountName: name, serviceAccount: name };
  const mounted = automount === true ? withToken(named, drawSuffix(state)[1]) : named;
  return right(withField(pod, "spec", () => withPullSecrets(mounted, account)));
};
