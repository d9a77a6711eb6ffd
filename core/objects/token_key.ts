import { type Fields, numberIn, textIn } from "../fields.ts";
import type { Pod } from "../kubernetes/pod.ts";
import type { TokenSubject } from "../kubernetes/token.ts";

const defaultSeconds = 3600;

/** The key of a token that a pod's projected volume asks for, and the name of the token under it: a token is one pod's. */
export const tokenKey = (pod: Pod, source: Fields): { readonly key: string; readonly name: string } => {
  const { namespace = "", name, uid } = pod.metadata;
  const account = pod.spec.serviceAccountName ?? "default";
  const seconds = numberIn(source, "expirationSeconds") ?? defaultSeconds;
  const parts = [account, name, uid, String(seconds), textIn(source, "audience") ?? ""];
  const own = parts.map(encodeURIComponent).join("/");
  return { key: `ServiceAccountToken/${namespace}/${own}`, name: own };
};

/** What {@link tokenKey} was made of. */
export const tokenSubject = (namespace: string, name: string): TokenSubject => {
  const [serviceAccount = "", pod = "", uid = "", seconds = "", audience = ""] = name.split("/").map(
    decodeURIComponent,
  );
  return { namespace, serviceAccount, pod: { name: pod, uid }, expirationSeconds: Number(seconds), audience };
};
