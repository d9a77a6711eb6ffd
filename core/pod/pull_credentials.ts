import { fieldsOf, textIn } from "../fields.ts";
import { withHidden } from "../hidden.ts";
import type { Pod } from "../kubernetes/pod.ts";
import { textOf } from "../objects/data.ts";
import { objectKey } from "../objects/key.ts";
import { seeObject } from "../objects/objects.ts";
import { bytesOfBase64 } from "../base64.ts";
import type { Given } from "./given.ts";
import type { Missing, Notice } from "./missing.ts";

/** What a registry asks for. `username` and `password` can be read, but are never printed. */
export interface PullCredential {
  /** As the secret has it: `registry.example`, `https://index.docker.io/v1/`. */
  readonly server: string;
  readonly username: string;
  readonly password: string;
}

/** The credentials of a pod's `imagePullSecrets`, and what is to be told of them. */
export interface ResolvedCredentials {
  readonly credentials: readonly PullCredential[];
  readonly missing: readonly Missing[];
  readonly notices: readonly Notice[];
}

const credential = (server: string, username: string, password: string): PullCredential =>
  withHidden(withHidden({ server }, "username", username), "password", password);

const credentialOf = (server: string, entry: unknown): PullCredential => {
  const fields = fieldsOf(entry);
  // `auth` is both in one, and wins, as for the kubelet
  const both = new TextDecoder().decode(bytesOfBase64(textIn(fields, "auth") ?? ""));
  const colon = both.indexOf(":");
  return colon > 0
    ? credential(server, both.slice(0, colon), both.slice(colon + 1))
    : credential(server, textIn(fields, "username") ?? "", textIn(fields, "password") ?? "");
};

const parse = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Of `kubernetes.io/dockerconfigjson`, or of the older `kubernetes.io/dockercfg`; `undefined`: of neither. */
const authsOf = (config: unknown, legacy: unknown): Readonly<Record<string, unknown>> | undefined => {
  if (config !== undefined) return fieldsOf(fieldsOf(config).auths);
  return legacy === undefined ? undefined : fieldsOf(legacy);
};

/** Unread secrets are waited for; for one that is missing, or none of the kind, the image is pulled without it, and that is told. */
export const pullCredentials = (pod: Pod, { objects }: Given): ResolvedCredentials => {
  const credentials: PullCredential[] = [];
  const lost: string[] = [];
  let isUnknown = false;
  for (const { name = "" } of pod.spec.imagePullSecrets ?? []) {
    const seen = seeObject(objects, objectKey("Secret", pod.metadata.namespace ?? "", name), name);
    if (seen._tag === "Unknown") isUnknown = true;
    const secret = seen._tag === "Present" && seen.value.kind === "Secret" ? seen.value : undefined;
    const auths = secret === undefined
      ? undefined
      : authsOf(parse(textOf(secret, ".dockerconfigjson")), parse(textOf(secret, ".dockercfg")));
    if (auths === undefined) lost.push(name);
    else for (const [server, entry] of Object.entries(auths)) credentials.push(credentialOf(server, entry));
  }
  if (isUnknown) {
    return { credentials: [], missing: [{ container: undefined, message: undefined }], notices: [] };
  }
  const message =
    `Unable to retrieve some image pull secrets (${lost.join(", ")}); attempting to pull the image ` +
    "may not succeed";
  const notices = lost.length === 0 ? [] : [{ reason: "FailedToRetrieveImagePullSecret", message }];
  return { credentials, missing: [], notices };
};
