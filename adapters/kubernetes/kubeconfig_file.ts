import * as E from "fp-ts/lib/Either.js";
import * as t from "io-ts";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { ConnectionError } from "./connection.ts";

export interface KubeconfigCluster {
  readonly server?: string;
  readonly "certificate-authority"?: string;
  readonly "certificate-authority-data"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
  readonly "tls-server-name"?: string;
  readonly "proxy-url"?: string;
}

/** A plugin that gives credentials (`client.authentication.k8s.io`). */
export interface KubeconfigExec {
  readonly command: string;
  readonly apiVersion?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly provideClusterInfo?: boolean;
}

export interface KubeconfigUser {
  readonly "client-certificate"?: string;
  readonly "client-certificate-data"?: string;
  readonly "client-key"?: string;
  readonly "client-key-data"?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly as?: string;
  readonly "as-uid"?: string;
  readonly "as-groups"?: readonly string[];
  readonly exec?: KubeconfigExec | null;
  readonly "auth-provider"?: Readonly<Record<string, unknown>> | null;
}

export interface KubeconfigContext {
  readonly cluster: string;
  readonly user?: string;
  readonly namespace?: string;
}

const Cluster: t.Type<KubeconfigCluster> = t.partial({
  server: t.string,
  "certificate-authority": t.string,
  "certificate-authority-data": t.string,
  "insecure-skip-tls-verify": t.boolean,
  "tls-server-name": t.string,
  "proxy-url": t.string,
});

const Exec: t.Type<KubeconfigExec> = t.intersection([
  t.type({ command: t.string }),
  t.partial({
    apiVersion: t.string,
    args: t.union([t.readonlyArray(t.string), t.null]),
    env: t.union([t.readonlyArray(t.type({ name: t.string, value: t.string })), t.null]),
    provideClusterInfo: t.boolean,
  }),
]);

const User: t.Type<KubeconfigUser> = t.partial({
  "client-certificate": t.string,
  "client-certificate-data": t.string,
  "client-key": t.string,
  "client-key-data": t.string,
  token: t.string,
  tokenFile: t.string,
  username: t.string,
  password: t.string,
  as: t.string,
  "as-uid": t.string,
  "as-groups": t.readonlyArray(t.string),
  exec: t.union([Exec, t.null]),
  "auth-provider": t.union([t.UnknownRecord, t.null]),
});

const Context: t.Type<KubeconfigContext> = t.intersection([
  t.type({ cluster: t.string }),
  t.partial({ user: t.string, namespace: t.string }),
]);

type Maybe<A> = A | null | undefined;
const maybe = <A>(codec: t.Type<A>): t.Type<Maybe<A>> => t.union([codec, t.null, t.undefined]);

interface Kubeconfig {
  readonly clusters: Maybe<readonly { readonly name: string; readonly cluster: KubeconfigCluster }[]>;
  readonly users: Maybe<readonly { readonly name: string; readonly user: Maybe<KubeconfigUser> }[]>;
  readonly contexts: Maybe<readonly { readonly name: string; readonly context: KubeconfigContext }[]>;
  readonly "current-context": Maybe<string>;
}

const KubeconfigCodec: t.Type<Kubeconfig> = t.type({
  clusters: maybe(t.readonlyArray(t.type({ name: t.string, cluster: Cluster }))),
  users: maybe(t.readonlyArray(t.type({ name: t.string, user: maybe(User) }))),
  contexts: maybe(t.readonlyArray(t.type({ name: t.string, context: Context }))),
  "current-context": maybe(t.string),
});

/** Several kubeconfig files as one: of each name the first file's entry counts, as with kubectl. */
export interface MergedKubeconfig {
  readonly files: readonly string[];
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>;
  readonly users: ReadonlyMap<string, KubeconfigUser>;
  readonly contexts: ReadonlyMap<string, KubeconfigContext>;
  readonly currentContext: string | undefined;
}

const fileFields = ["certificate-authority", "client-certificate", "client-key", "tokenFile"] as const;

/** Relative paths are relative to the file that holds them. A plugin's path too, unless it is a bare name. */
const withAbsolutePaths = <A extends object>(entry: A, file: string): A => {
  const absolute = { ...entry } as A & { [field in (typeof fileFields)[number]]?: string } & {
    exec?: KubeconfigExec | null;
  };
  const folder = dirname(file);
  for (const field of fileFields) {
    const path = absolute[field];
    if (path !== undefined && path !== "") Object.assign(absolute, { [field]: resolve(folder, path) });
  }
  const { exec } = absolute;
  if (exec && /[\\/]/.test(exec.command)) {
    Object.assign(absolute, { exec: { ...exec, command: resolve(folder, exec.command) } });
  }
  return absolute;
};

const problemOf = (errors: t.Errors): string => {
  const path = errors[0]?.context.map((entry) => entry.key).filter((key) => key !== "").join(".");
  return path === undefined || path === ""
    ? "it is not a kubeconfig"
    : `${path} is missing or not as it must be`;
};

const decodeFile = (file: string, text: string): Kubeconfig => {
  let content: unknown;
  try {
    content = parse(text);
  } catch {
    // The parser's message quotes the text around the place, which may be a credential.
    throw new ConnectionError(`kubeconfig ${file}: it is not valid YAML`);
  }
  const decoded = KubeconfigCodec.decode(content ?? {});
  if (E.isRight(decoded)) return decoded.right;
  throw new ConnectionError(`kubeconfig ${file}: ${problemOf(decoded.left)}`);
};

/** Reads the texts of kubeconfig files, in order. Throws {@link ConnectionError}, which never quotes a credential. */
export const mergeKubeconfigs = (
  texts: readonly { readonly file: string; readonly text: string }[],
): MergedKubeconfig => {
  const clusters = new Map<string, KubeconfigCluster>();
  const users = new Map<string, KubeconfigUser>();
  const contexts = new Map<string, KubeconfigContext>();
  let currentContext: string | undefined;
  for (const { file, text } of texts) {
    const config = decodeFile(file, text);
    const add = <A extends object>(to: Map<string, A>, name: string, entry: A): void => {
      if (!to.has(name)) to.set(name, withAbsolutePaths(entry, file));
    };
    for (const { name, cluster } of config.clusters ?? []) add(clusters, name, cluster);
    for (const { name, user } of config.users ?? []) add(users, name, user ?? {});
    for (const { name, context } of config.contexts ?? []) add(contexts, name, context);
    currentContext ||= config["current-context"] || undefined;
  }
  return { files: texts.map(({ file }) => file), clusters, users, contexts, currentContext };
};

/** One context with what it names. */
export interface ChosenContext {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly cluster: KubeconfigCluster & { readonly server: string };
  readonly user: KubeconfigUser;
}

const list = (names: Iterable<string>): string => [...names].join(", ") || "none";

/** The context called `name`, or the current one. Throws {@link ConnectionError} that says what there is instead. */
export const chooseContext = (config: MergedKubeconfig, name: string | undefined): ChosenContext => {
  const from = `kubeconfig ${config.files.join(", ")}`;
  const chosen = name ?? config.currentContext;
  const known = `it has: ${list(config.contexts.keys())}`;
  if (chosen === undefined) {
    throw new ConnectionError(`${from}: no current-context; set one or name a context (${known})`);
  }
  const context = config.contexts.get(chosen);
  if (context === undefined) {
    throw new ConnectionError(`${from}: no context ${JSON.stringify(chosen)} (${known})`);
  }
  const cluster = config.clusters.get(context.cluster);
  if (cluster === undefined) {
    throw new ConnectionError(
      `${from}: context ${chosen} names the cluster ${context.cluster}, which is not there (${
        list(config.clusters.keys())
      })`,
    );
  }
  const { server } = cluster;
  if (server === undefined || server === "") {
    throw new ConnectionError(
      `${from}: the cluster ${context.cluster} has no server; add its URL as cluster.server`,
    );
  }
  const user = context.user === undefined || context.user === "" ? {} : config.users.get(context.user);
  if (user === undefined) {
    throw new ConnectionError(`${from}: context ${chosen} names the user ${context.user}, who is not there`);
  }
  return { name: chosen, namespace: context.namespace, cluster: { ...cluster, server }, user };
};
