import { Buffer } from "node:buffer";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { stringify } from "yaml";
import { loadConnection } from "../../../adapters/kubernetes/connect.ts";
import { type Connection, ConnectionError } from "../../../adapters/kubernetes/connection.ts";
import { kubeconfigConnection, type KubeconfigOptions } from "../../../adapters/kubernetes/kubeconfig.ts";

const test = suite("kubeconfig");
const saved = { HOME: process.env.HOME, KUBECONFIG: process.env.KUBECONFIG };
const base64 = (text: string): string => Buffer.from(text).toString("base64");
let folder = "";
let files = 0;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "vk-kubeconfig-"));
  process.env.HOME = folder;
  delete process.env.KUBECONFIG;
});
test.after(async () => {
  for (const [name, value] of Object.entries(saved)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await rm(folder, { recursive: true });
});

const write = async (name: string, content: unknown, mode = 0o600): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, typeof content === "string" ? content : stringify(content), { mode });
  return file;
};

/** A kubeconfig of one cluster, user and context. */
const one = (
  user: unknown,
  cluster: unknown = { server: "https://api.example:6443/" },
  context: object = {},
) => ({
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "c", cluster }],
  users: [{ name: "u", user }],
  contexts: [{ name: "x", context: { cluster: "c", user: "u", ...context } }],
  "current-context": "x",
});

const load = async (content: unknown, options: KubeconfigOptions = {}): Promise<Connection> =>
  await kubeconfigConnection({ path: await write(`${files++}.yaml`, content), ...options });

const failure = async (connect: () => Promise<unknown>): Promise<string> => {
  try {
    await connect();
  } catch (error) {
    assert.instance(error, ConnectionError);
    return (error as Error).message;
  }
  throw new Error("it connected");
};

test("certificates, CA and server as data", async () => {
  const connection = await load(one(
    { "client-certificate-data": base64("cert"), "client-key-data": base64("key") },
    {
      server: "https://api.example:6443/",
      "certificate-authority-data": base64("ca"),
      "tls-server-name": "other.example",
      "proxy-url": "http://proxy.example:3128",
    },
    { namespace: "mine" },
  ));
  assert.equal(connection, {
    server: "https://api.example:6443",
    namespace: "mine",
    ca: "ca",
    serverName: "other.example",
    proxyUrl: "http://proxy.example:3128",
    clientCertificate: "cert",
    clientKey: "key",
  });
});

test("files beside the kubeconfig, read again as they are renewed", async () => {
  await mkdir(join(folder, "pki"));
  await write("pki/ca.crt", "ca");
  await write("pki/client.crt", "cert 1");
  await write("pki/client.key", "key 1");
  const connection = await load(one(
    { "client-certificate": "pki/client.crt", "client-key": "pki/client.key" },
    { server: "https://h", "certificate-authority": "pki/ca.crt" },
  ));
  assert.is(connection.ca, "ca");
  assert.equal(await connection.clientCertificateSource?.(), { certificate: "cert 1", key: "key 1" });
  await write("pki/client.crt", "cert 2");
  assert.is((await connection.clientCertificateSource?.())?.certificate, "cert 2");
});

test("a token; a token file counts before it and is read again when refused", async () => {
  assert.is(await (await load(one({ token: "t" }))).tokenSource?.(), "t");
  await write("token", "from file\n");
  const { tokenSource } = await load(one({ token: "t", tokenFile: "token" }));
  assert.is(await tokenSource?.(), "from file");
  await write("token", "renewed\n");
  const deadline = performance.now() + 10_000;
  let token = await tokenSource?.("from file");
  while (token !== "renewed" && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    token = await tokenSource?.("from file");
  }
  assert.is(token, "renewed");
});

test("basic authentication and impersonation are headers", async () => {
  const { headers } = await load(one({ username: "jane", password: "p", as: "joe", "as-groups": ["ops"] }));
  assert.equal(headers, {
    "impersonate-user": "joe",
    "impersonate-group": "ops",
    authorization: `Basic ${base64("jane:p")}`,
  });
});

test("several files: of each name the first counts, missing ones are passed over", async () => {
  const first = await write("first", {
    clusters: [{ name: "c", cluster: { server: "https://first" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  });
  const second = await write("second", one({ token: "second" }, { server: "https://second" }));
  process.env.KUBECONFIG = [first, join(folder, "absent"), second].join(delimiter);
  const connection = await loadConnection();
  assert.is(connection.server, "https://first");
  assert.is(await connection.tokenSource?.(), "second");
  process.env.KUBECONFIG = join(folder, "absent");
  assert.match(await failure(() => loadConnection()), /absent: not found/);
  delete process.env.KUBECONFIG;
});

test("~/.kube/config, and the choice of a context", async () => {
  await mkdir(join(folder, ".kube"));
  const config = one({ token: "t" });
  config.contexts.push({ name: "y", context: { cluster: "d", user: "u" } });
  config.clusters.push({ name: "d", cluster: { server: "https://other" } });
  await write(".kube/config", config);
  assert.is((await loadConnection()).server, "https://api.example:6443");
  assert.is((await loadConnection({ context: "y" })).server, "https://other");
  assert.is((await loadConnection({ server: "https://given" })).server, "https://given");
});

const broken: readonly (readonly [string, unknown, KubeconfigOptions, RegExp])[] = [
  ["no such file", one({}), { path: "/no/such/file" }, /\/no\/such\/file: not found/],
  ["no such context", one({}), { context: "z" }, /no context "z" \(it has: x\)/],
  ["no current context", { ...one({}), "current-context": "" }, {}, /no current-context.*it has: x/],
  [
    "no such cluster",
    one({}, undefined, { cluster: "d" }),
    {},
    /names the cluster d, which is not there \(c\)/,
  ],
  ["no such user", one({}, undefined, { user: "v" }), {}, /names the user v/],
  ["a cluster without server", one({}, {}), {}, /cluster c has no server/],
  ["a server that is no URL", one({}, { server: "api.example" }), {}, /must be a URL/],
  ["a certificate without key", one({ "client-certificate-data": "eA==" }), {}, /certificate but no key/],
  [
    "a key file that is not there",
    one({ "client-certificate-data": "eA==", "client-key": "nokey" }),
    {},
    /client key .*nokey/,
  ],
  ["a token file that is not there", one({ tokenFile: "notoken" }), {}, /token file .*notoken/],
  ["not YAML", "a: [hidden", {}, /not valid YAML/],
  ["not a kubeconfig", "- hidden", {}, /not a kubeconfig/],
  [
    "a field of another type",
    { ...one({}), users: [{ name: "u", user: { token: ["hidden"] } }] },
    {},
    /user/,
  ],
  ["too many groups", one({ as: "a", "as-groups": ["a", "b"] }), {}, /as-groups/],
];

for (const [title, content, options, message] of broken) {
  test(`refused: ${title}`, async () => {
    const said = await failure(() => load(content, options));
    assert.match(said, message);
    assert.not.match(said, "hidden");
  });
}

const plugin = async (name: string, script: string): Promise<unknown> => {
  await write(name, `#!/bin/sh\n${script}\n`, 0o700);
  return {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command: `./${name}`,
      args: ["a"],
      env: [{ name: "EXTRA", value: "extra" }],
    },
  };
};

test("an exec plugin: its token, kept until it ends, asked for again when refused", async () => {
  const counter = join(folder, "count");
  const user = await plugin(
    "plugin",
    `echo x >> ${counter}; n=$(wc -l < ${counter} | tr -d ' ')
echo '{"status":{"token":"'$1-$EXTRA-$n'","expirationTimestamp":"2999-01-01T00:00:00Z"}}'`,
  );
  const { tokenSource } = await load(one(user));
  assert.is(await tokenSource?.(), "a-extra-1");
  assert.is(await tokenSource?.(), "a-extra-1");
  const deadline = performance.now() + 10_000;
  let token = await tokenSource?.("a-extra-1");
  while (token === "a-extra-1" && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    token = await tokenSource?.("a-extra-1");
  }
  assert.is(token, "a-extra-2");
});

test("an exec plugin that gives a certificate, and is told what client-go tells it", async () => {
  const info = join(folder, "info");
  const user = await plugin(
    "certifier",
    `printf %s "$KUBERNETES_EXEC_INFO" > ${info}
echo '{"status":{"clientCertificateData":"cert","clientKeyData":"key"}}'`,
  );
  const connection = await load(one(user));
  assert.equal(await connection.clientCertificateSource?.(), { certificate: "cert", key: "key" });
  assert.is(connection.tokenSource, undefined);
  const told = JSON.parse(await readFile(info, "utf8"));
  assert.equal([told.kind, told.apiVersion], ["ExecCredential", "client.authentication.k8s.io/v1"]);
});

test("exec plugins that fail say which and why, and nothing that they put out", async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["echo log in first >&2; exit 3", /bad.*log in first/],
    ["echo hidden", /bad.*not an ExecCredential/],
    [`echo '{"status":{}}'`, /neither a token nor a certificate/],
  ];
  for (const [script, message] of cases) {
    const said = await failure(async () => await load(one(await plugin("bad", script))));
    assert.match(said, message);
    assert.not.match(said, "hidden");
  }
  const absent = { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "./absent-plugin" } };
  assert.match(await failure(() => load(one(absent))), /absent-plugin gave no credentials/);
});

test("OIDC: a token that has not ended is sent; one that cannot be renewed is an error", async () => {
  const jwt = (exp: number): string =>
    ["{}", JSON.stringify({ exp }), "s"].map((part) => Buffer.from(part).toString("base64url")).join(".");
  const user = (token: string) => ({ "auth-provider": { name: "oidc", config: { "id-token": token } } });
  const token = jwt(32_503_680_000);
  assert.is(await (await load(one(user(token)))).tokenSource?.(), token);
  assert.match(await failure(() => load(one(user(jwt(1))))), /log in again/);
});

test("the client library is the one that kubernetes-fluent-client brings along", async () => {
  const require = createRequire(import.meta.url);
  const versionOf = async (path: string): Promise<any> => JSON.parse(await readFile(path, "utf8"));
  const fluent = await versionOf(
    join(require.resolve("kubernetes-fluent-client"), "..", "..", "package.json"),
  );
  const own = await versionOf(new URL("../../../package.json", import.meta.url).pathname);
  const wanted = fluent.dependencies["@kubernetes/client-node"];
  assert.is(own.dependencies["@kubernetes/client-node"], wanted);
});

test.run();
