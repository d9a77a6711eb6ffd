import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ConnectionError, explicitConnection } from "../../../adapters/kubernetes/connection.ts";
import { inClusterConnection, isInCluster } from "../../../adapters/kubernetes/in_cluster.ts";

const test = suite("connections");

const wrong: readonly (readonly [Parameters<typeof explicitConnection>[0], RegExp])[] = [
  [{ server: "api.example:6443" }, /must be a URL/],
  [{ server: "" }, /must be a URL/],
  [{ server: "ftp://api.example" }, /must be a URL/],
  [{ server: "https://user:hidden@api.example" }, /no user or password/],
  [{ server: "https://api.example/?a=b" }, /no query/],
  [{ server: "https://api.example", clientCertificate: "x" }, /needs its key/],
  [{ server: "https://api.example", clientKey: "hidden" }, /needs its key/],
];

for (const [given, message] of wrong) {
  test(`refused: ${message.source}: ${Object.keys(given).join()} ${given.server.replace("hidden", "…")}`, () => {
    try {
      explicitConnection(given);
    } catch (error) {
      assert.instance(error, ConnectionError);
      assert.match((error as Error).message, message);
      assert.not.match((error as Error).message, "hidden");
      return;
    }
    assert.unreachable("it was taken");
  });
}

test("explicit: the token becomes a source, the server loses its slash", async () => {
  const connection = explicitConnection({ server: "https://api.example:6443/", token: "t", ca: "pem" });
  assert.is(connection.server, "https://api.example:6443");
  assert.is(connection.ca, "pem");
  assert.is(await connection.tokenSource?.(), "t");
  assert.not("token" in connection);
});

const inPod = (host: string) => {
  const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
  const files = new Map([
    [`${folder}/ca.crt`, "pem\n"],
    [`${folder}/namespace`, "mine\n"],
    [`${folder}/token`, "first\n"],
  ]);
  const variables = new Map([["KUBERNETES_SERVICE_HOST", host], ["KUBERNETES_SERVICE_PORT", "443"]]);
  const state = { now: 0 };
  const options = {
    env: (name: string) => variables.get(name),
    readText: (path: string) => {
      const text = files.get(path);
      return text === undefined ? Promise.reject(new Error("ENOENT")) : Promise.resolve(text);
    },
    now: () => state.now,
  };
  return { folder, files, variables, state, options };
};

test("in cluster: address, CA, namespace, and a token that is read again", async () => {
  const { folder, files, state, options } = inPod("10.0.0.1");
  const connection = await inClusterConnection(options);
  assert.equal(
    [connection.server, connection.ca, connection.namespace],
    ["https://10.0.0.1:443", "pem", "mine"],
  );
  assert.is(await connection.tokenSource?.(), "first");
  files.set(`${folder}/token`, "second\n");
  assert.is(await connection.tokenSource?.(), "first");
  state.now += 61_000;
  assert.is(await connection.tokenSource?.(), "second");
  files.set(`${folder}/token`, "third\n");
  state.now += 5000;
  assert.is(await connection.tokenSource?.("second"), "third");
});

test("in cluster: IPv6", async () => {
  assert.is((await inClusterConnection(inPod("fd00::1").options)).server, "https://[fd00::1]:443");
});

const failure = async (options: Parameters<typeof inClusterConnection>[0]): Promise<string> => {
  try {
    await inClusterConnection(options);
  } catch (error) {
    assert.instance(error, ConnectionError);
    return (error as Error).message;
  }
  throw new Error("it connected");
};

test("in cluster: outside of one, without a token, without a namespace", async () => {
  const outside = inPod("");
  assert.is(isInCluster(outside.options.env), false);
  assert.match(await failure(outside.options), /not in a cluster.*kubeconfig/);
  const noToken = inPod("10.0.0.1");
  noToken.files.delete(`${noToken.folder}/token`);
  assert.match(await failure(noToken.options), /cannot read .*\/token.*automountServiceAccountToken/);
  const noNamespace = inPod("10.0.0.1");
  noNamespace.files.delete(`${noNamespace.folder}/namespace`);
  assert.is((await inClusterConnection(noNamespace.options)).namespace, undefined);
});

test.run();
