import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { makeAuthority } from "../../../../adapters/apiserver/server/pki.ts";
import { startApiServer } from "../../../../adapters/apiserver/server/start.ts";
import { ask, connectTcp, connectTls, open, untilEnd } from "../../kubelet/client.ts";

const test = suite("the API server over HTTPS");

const dir = mkdtempSync(join(tmpdir(), "vk-https-"));
const server = await startApiServer({
  dir,
  limits: { maxHeaderBytes: 16_384, maxConnections: 40, closeMs: 300 },
});
const { port } = server;

const review = {
  method: "POST",
  headers: { "content-type": "application/json" },
  sendBody: "{}",
};
const whoami = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string } }];
  readonly users: readonly [{ readonly user: Readonly<Record<string, string>> }];
}

const pairOf = (text: string): { cert: string; key: string } => {
  const { users: [{ user }] }: Kubeconfig = parse(text);
  const pem = (name: string): string => atob(user[name] ?? "");
  return { cert: pem("client-certificate-data"), key: pem("client-key-data") };
};

const files = server.kubeconfigFiles ?? { certificate: "", token: "" };
const admin = pairOf(readFileSync(files.certificate, "utf8"));

/** What a review says of who asks. */
const userOf = (body: string): Record<string, any> => JSON.parse(body).status.userInfo;

test("files with secrets are their owner's alone", () => {
  for (
    const path of [
      files.certificate,
      files.token,
      ...["ca.key", "sa.key", "admin.token"].map((name) => join(dir, "pki", name)),
    ]
  ) {
    assert.is(statSync(path).mode & 0o777, 0o600, path);
  }
  assert.is(statSync(join(dir, "pki")).mode & 0o777, 0o700);
});

test("a client certificate names its user and groups", async () => {
  const { status, body } = await ask(port, whoami, { ...review, client: admin });
  assert.is(status, 201);
  const { username, groups, extra } = userOf(body);
  assert.is(username, "admin");
  assert.equal(groups, ["system:masters", "system:authenticated"]);
  assert.match(extra["authentication.kubernetes.io/credential-id"][0], /^X509SHA256=[0-9a-f]{64}$/);
  const text = await server.kubeconfig({ commonName: "jane", organizations: ["devs", "ops"] });
  const jane = userOf((await ask(port, whoami, { ...review, client: pairOf(text) })).body);
  assert.equal([jane.username, jane.groups], ["jane", ["devs", "ops", "system:authenticated"]]);
});

test("a bearer token names its user, one that is nobody's is refused", async () => {
  const { users: [{ user }] }: Kubeconfig = parse(readFileSync(files.token, "utf8"));
  const headers = { ...review.headers, authorization: `Bearer ${user.token}` };
  const told = userOf((await ask(port, whoami, { ...review, headers })).body);
  assert.equal([told.username, told.groups], ["admin", ["system:masters", "system:authenticated"]]);
  const wrong = { ...review.headers, authorization: "Bearer nobody" };
  assert.is((await ask(port, whoami, { ...review, headers: wrong })).status, 401);
});

test("without credentials nobody gets in, but for what everybody may see", async () => {
  assert.is((await ask(port, "/api/v1/namespaces")).status, 403);
  assert.is((await ask(port, "/api")).status, 403);
  assert.is((await ask(port, "/version")).status, 200);
  assert.is((await ask(port, "/livez")).status, 200);
});

test("a certificate of another authority counts for nothing: 401, unless a token is shown too", async () => {
  const stranger = await (await makeAuthority("other")).client({
    commonName: "admin",
    organizations: ["system:masters"],
  });
  assert.is((await ask(port, "/version", { client: stranger })).status, 401);
  const headers = { authorization: `Bearer ${server.adminToken}` };
  assert.is((await ask(port, "/api/v1/namespaces", { client: stranger, headers })).status, 200);
});

test("its certificate is good for the names and addresses of this machine, and no others", async () => {
  for (const servername of ["localhost", "kubernetes.default.svc"]) {
    const socket = await connectTls(port, { ca: server.ca, servername, rejectUnauthorized: true });
    assert.ok(socket.authorized);
    socket.destroy();
  }
  const { clusters: [{ cluster }] }: Kubeconfig = parse(readFileSync(files.certificate, "utf8"));
  assert.is(cluster.server, `https://127.0.0.1:${port}`);
  const other = await connectTls(port, { ca: server.ca, servername: "elsewhere", rejectUnauthorized: true })
    .then(() => "trusted", () => "refused");
  assert.is(other, "refused");
});

test("only this machine is listened on", () => assert.is(server.address, "127.0.0.1"));

test("bodies have a limit, and the answer says so", async () => {
  const sendBody = JSON.stringify({ metadata: { name: "large" }, data: { a: "x".repeat(3_500_000) } });
  const path = "/api/v1/namespaces/default/configmaps";
  const { status, body } = await ask(port, path, { ...review, sendBody, client: admin });
  assert.equal([status, JSON.parse(body).reason], [413, "RequestEntityTooLarge"]);
});

test("headers have a limit", async () => {
  const asked = ask(port, "/version", { headers: { "x-large": "x".repeat(40_000) } });
  const answered = await asked.then(({ status }) => status, () => "cut");
  assert.ok(answered === 431 || answered === "cut", `${answered}`);
});

test("what is no request is cut, and the server lives on", async () => {
  const socket = await connectTls(port);
  const end = untilEnd(socket);
  socket.write("NONSENSE\r\n\r\n");
  await end;
  const plain = await connectTcp(port);
  const cut = untilEnd(plain);
  plain.write("GET / HTTP/1.1\r\n\r\n");
  await cut;
  assert.is((await ask(port, "/livez")).status, 200);
});

test("connections have a limit; there is room again when they go", async () => {
  const sockets = await Promise.all(Array.from({ length: 40 }, () => connectTcp(port)));
  const refused = await connectTls(port).then(() => "taken", () => "refused");
  assert.is(refused, "refused");
  for (const socket of sockets) socket.destroy();
  for (const end = Date.now() + 5_000; Date.now() < end;) {
    const again = await ask(port, "/livez").then(({ status }) => status, () => 0);
    if (again === 200) return;
  }
  assert.unreachable("there is no room again");
});

test("HEAD has no body; paths that are none are refused", async () => {
  const head = await ask(port, "/version", { method: "HEAD", client: admin });
  assert.equal([head.status, head.body], [200, ""]);
  const star = await new Promise<number>((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, path: "*", method: "OPTIONS", rejectUnauthorized: false, agent: false },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    sent.on("error", reject);
    sent.end();
  });
  assert.is(star, 400);
});

test("a watch is told line by line, and a client that leaves ends it", async () => {
  const path = "/api/v1/namespaces/default/configmaps";
  const incoming = await open(port, `${path}?watch=true&resourceVersion=${server.state().revision}`, {
    client: admin,
  });
  assert.is(incoming.headers["content-type"], "application/json");
  const first = new Promise<string>((resolve) => incoming.once("data", (chunk) => resolve(String(chunk))));
  server.apply(`${path}/told`, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "told" } });
  const { type, object } = JSON.parse(await first);
  assert.equal([type, object.metadata.name], ["ADDED", "told"]);
  incoming.destroy();
});

test("keys are used again by the next server in the folder, and kubeconfigs stay good", async () => {
  const token =
    server.ask("POST", "/api/v1/namespaces/default/serviceaccounts/default/token", {}).body.status.token;
  const second = await startApiServer({ dir, state: server.state() });
  try {
    assert.is(second.ca, server.ca);
    assert.is((await ask(second.port, "/api/v1/namespaces", { client: admin })).status, 200);
    const headers = { ...review.headers, authorization: `Bearer ${token}` };
    const told = await ask(second.port, whoami, { ...review, headers });
    assert.is(userOf(told.body).username, "system:serviceaccount:default:default");
  } finally {
    await second.close();
  }
});

test("a port that is taken is told", async () => {
  const error = await startApiServer({ port }).then(() => undefined, (reason: Error) => reason);
  assert.match(error?.message ?? "", new RegExp(`^the API server cannot listen on 127.0.0.1 port ${port}: `));
});

test("a signal that has aborted starts nothing", async () => {
  const error = await startApiServer({ signal: AbortSignal.abort(new Error("no")) }).then(
    () => undefined,
    (reason: Error) => reason,
  );
  assert.is(error?.message, "no");
});

test("closing ends watches and connections, whoever holds them, and nothing is left", async () => {
  const incoming = await open(port, "/api/v1/pods?watch=true", { client: admin });
  const ended = new Promise<void>((resolve) => {
    incoming.resume();
    incoming.once("close", resolve);
  });
  const idle = await connectTls(port);
  const gone = untilEnd(idle);
  await server.close();
  await Promise.all([ended, gone]);
  const again = await connectTcp(port).then(() => "listens", () => "closed");
  assert.is(again, "closed");
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

test.run();
