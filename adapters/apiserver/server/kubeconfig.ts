import { stringify } from "yaml";
import type { KeyPair } from "./pki.ts";

/** How somebody shows who it is. */
export type Credentials = KeyPair | { readonly token: string };

export interface KubeconfigOptions {
  /** `https://host:port`. */
  readonly server: string;
  /** In PEM. */
  readonly ca: string;
  /** What kubectl shows as context, cluster and user. */
  readonly name: string;
  readonly credentials: Credentials;
}

const base64 = (text: string): string => btoa(text);

const userOf = (credentials: Credentials): Readonly<Record<string, string>> =>
  "token" in credentials ? { token: credentials.token } : {
    "client-certificate-data": base64(credentials.cert),
    "client-key-data": base64(credentials.key),
  };

/** A kubeconfig with one context, as a text. It holds the credentials: write it where only their owner reads it. */
export const kubeconfigText = ({ server, ca, name, credentials }: KubeconfigOptions): string =>
  stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": base64(ca) } }],
    users: [{ name, user: userOf(credentials) }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  }, { lineWidth: 0 });
