import { type Fields, numberIn, textIn } from "../fields.ts";
import type { ServiceAccountToken } from "../kubernetes/token.ts";
import { seeObject } from "../objects/objects.ts";
import { tokenKey } from "../objects/token_key.ts";
import type { Found } from "../pod/env_source.ts";
import { lookup } from "../table.ts";
import { addFile, orTold, type VolumeWork } from "./work.ts";

const findToken = ({ pod, given }: VolumeWork, source: Fields): Found<ServiceAccountToken> => {
  const { key, name } = tokenKey(pod, source);
  const seen = seeObject(given.objects, key, name);
  if (seen._tag === "Present" && seen.value.kind === "ServiceAccountToken") {
    return { _tag: "Found", value: seen.value };
  }
  const fault = given.objects.read
    ? lookup(given.objects.entries, key)?.fault
    : "tokens are not asked for here";
  if (fault === undefined) return { _tag: "Missing", message: undefined };
  const message = `failed to fetch a token of service account "${
    pod.spec.serviceAccountName ?? "default"
  }": ${fault}`;
  return { _tag: "Missing", message, notice: { reason: "FailedToFetchToken", message } };
};

/** The file of a bound token, as only its owner may read it. (Kubernetes docs, "ServiceAccount token volume projection") */
export const addTokenFile = (work: VolumeWork, field: string, source: Fields): void => {
  const token = orTold(work, findToken(work, source));
  if (token === undefined) return;
  work.versions.push(`token until ${token.expiresAt}`);
  const mode = numberIn(source, "mode");
  addFile(work, field, textIn(source, "path") ?? "token", mode, new TextEncoder().encode(token.token));
};
