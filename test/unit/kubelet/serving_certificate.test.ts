import { X509Certificate } from "node:crypto";
import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseRequest } from "../../../adapters/apiserver/auth/csr/request.ts";
import { signerFault } from "../../../adapters/apiserver/auth/csr/signers.ts";
import { type ApiServer, makeApiServer } from "../../../adapters/apiserver/server/api_server.ts";
import { makeAuthority } from "../../../adapters/apiserver/server/pki.ts";
import { selfSignedCertificate, type ServingCertificate } from "../../../adapters/kubelet/certificate.ts";
import { followCertificate } from "../../../adapters/kubelet/certificate_files.ts";
import { keepServingCertificate } from "../../../adapters/kubelet/serving_certificate.ts";
import { newServingKey } from "../../../adapters/kubelet/serving_key.ts";
import { kyApi } from "../../../adapters/kubernetes/ky.ts";
import { createServingRequest, servingSigner } from "../../../core/kubelet/serving_request.ts";
import { ManualClock } from "../../tools/manual_clock.ts";

interface Context {
  readonly stop: (() => void)[];
}

const test = suite<Context>("serving certificates, kept", { stop: [] });

test.after.each(({ stop }) => {
  for (const end of stop.splice(0)) end();
});

const requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const day = 86_400_000;
const boundMs = 10_000;

test("our requests are what the signer wants", async () => {
  const { request, key } = await newServingKey("n1", [
    "10.0.0.1",
    "::1",
    "0.0.0.0",
    "not a name",
    "10.0.0.1",
  ]);
  const parsed = parseRequest(btoa(request));
  if (E.isLeft(parsed)) throw new Error(parsed.left);
  const { commonName, organizations, dnsNames, ipAddresses, emails, uris } = parsed.right;
  assert.equal([commonName, organizations, dnsNames], ["system:node:n1", ["system:nodes"], ["n1"]]);
  assert.equal([...ipAddresses], ["0a000001", "00000000000000000000000000000001"]);
  assert.equal([emails, uris], [[], []]);
  const { spec } = createServingRequest(btoa(request)).body as {
    readonly spec: { readonly usages: readonly string[]; readonly signerName: string };
  };
  assert.is(signerFault(spec.signerName, parsed.right, spec.usages), undefined);
  assert.is(spec.signerName, servingSigner);
  assert.match(key, "-----BEGIN PRIVATE KEY-----");
  assert.is.not((await newServingKey("n1", [])).key, key);
});

interface Kept {
  readonly server: ApiServer;
  readonly clock: ManualClock;
  readonly abort: AbortController;
  readonly served: ServingCertificate[];
  readonly lines: string[];
  readonly done: Promise<void>;
  /** Lets time pass, a second at a time, until it holds. */
  pass(what: string, condition: () => boolean, stepMs?: number): Promise<void>;
}

/** Keeps node n1's certificate at an API server that signs what is approved. */
const keep = async ({ stop }: Context, username = "system:node:n1"): Promise<Kept> => {
  const server = makeApiServer({ authority: await makeAuthority("ca") });
  const clock = new ManualClock();
  const abort = new AbortController();
  stop.push(() => abort.abort(), server.close);
  const served: ServingCertificate[] = [];
  const lines: string[] = [];
  const user = { name: username, groups: ["system:nodes", "system:authenticated"] };
  const done = keepServingCertificate({
    api: kyApi({ server: "https://api.invalid", fetch: server.fetchAs(user) }),
    nodeName: "n1",
    addresses: ["10.0.0.1"],
    serve: (certificate) => void served.push(certificate),
    clock,
    signal: abort.signal,
    logger: { log: (level, message) => void lines.push(`${level} ${message}`) },
  });
  const pass: Kept["pass"] = async (what, condition, stepMs = 1_000) => {
    const end = performance.now() + boundMs;
    while (!condition()) {
      if (performance.now() > end) throw new Error(`${what} did not happen; said:\n${lines.join("\n")}`);
      await clock.advance(stepMs);
    }
  };
  return { server, clock, abort, served, lines, done, pass };
};

const names = (server: ApiServer): readonly string[] =>
  server.get(requests).items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);

/** As `kubectl certificate approve` and `deny`. */
const decide = (server: ApiServer, name: string, type: "Approved" | "Denied"): void => {
  const csr = server.get(`${requests}/${name}`);
  const condition = { type, status: "True", reason: "Test", message: "said the test" };
  const { status, body } = server.ask("PUT", `${requests}/${name}/approval`, {
    ...csr,
    status: { ...csr.status, conditions: [condition] },
  });
  assert.is(status, 200, JSON.stringify(body));
};

test("approved late: a person is called for once, then the certificate is served, and renewed in time", async (context) => {
  const { server, clock, served, lines, pass } = await keep(context);
  await pass("a call for approval", () => lines.length > 0);
  const [name = ""] = names(server);
  assert.match(lines[0] ?? "", `kubectl certificate approve ${name}`);
  const events = (): readonly { readonly reason: string; readonly message: string }[] =>
    server.get("/api/v1/namespaces/default/events").items;
  await pass("an event on the node", () => events().length > 0);
  assert.is(events()[0]?.reason, "ServingCertificatePending");
  assert.match(events()[0]?.message ?? "", `kubectl certificate approve ${name}`);
  for (let minute = 0; minute < 10; minute++) await clock.advance(60_000);
  assert.equal([lines.length, events().length, served.length, names(server).length], [1, 1, 0, 1]);

  decide(server, name, "Approved");
  await pass("the certificate served", () => served.length === 1);
  const [first = { cert: "", key: "" }] = served;
  const read = new X509Certificate(first.cert);
  assert.match(read.subject, "CN=system:node:n1");
  assert.ok(read.checkIP("10.0.0.1") !== undefined && read.checkHost("n1") !== undefined);
  await pass("a line about it", () => lines.length === 2);
  assert.match(lines[1] ?? "", /^info the node serves a certificate of the cluster/);
  assert.not(lines.join("").includes("PRIVATE KEY"));

  // the certificate is for a year of the real clock; this one began in 2023
  const until = Date.parse(read.validFrom) + 0.75 * 365 * day - clock.now().wall;
  await clock.advance(until - day);
  assert.is(names(server).length, 1, "before 75 % of its life it is not renewed");
  await pass("a new request", () => names(server).length === 2, day);
  assert.ok(clock.now().wall < Date.parse(read.validTo) - 0.18 * 365 * day, "by 80 %, and a day");
  decide(server, names(server).find((each) => each !== name) ?? "", "Approved");
  await pass("the next certificate served", () => served.length === 2);
  assert.is.not(served[1]?.key, first.key, "with a new key");
});

test("denied: nothing is served, and it is asked again after an hour", async (context) => {
  const { server, clock, served, lines, pass } = await keep(context);
  await pass("a request", () => names(server).length === 1);
  decide(server, names(server)[0] ?? "", "Denied");
  await pass("a line", () => lines.some((line) => line.includes("was denied (said the test)")));
  await clock.advance(59 * 60_000);
  assert.is(names(server).length, 1);
  await pass("another request", () => names(server).length === 2, 10_000);
  assert.is(served.length, 0);
});

test("a request that was cleared away is made anew", async (context) => {
  const { server, pass } = await keep(context);
  await pass("a request", () => names(server).length === 1);
  const [name = ""] = names(server);
  server.ask("DELETE", `${requests}/${name}`);
  await pass("another request", () => names(server).some((each) => each !== name), 10_000);
});

test("under another identity nothing is asked, which is said once", async (context) => {
  const { server, done, lines, served, clock } = await keep(context, "somebody");
  await clock.advance(0);
  await done;
  assert.is(lines.length, 1);
  assert.match(lines[0] ?? "", /^info .*self-signed.*we are somebody/);
  assert.equal([names(server), served], [[], []]);
});

test("an abort ends the waiting, and leaves no timer", async (context) => {
  const { server, done, clock, abort, pass } = await keep(context);
  await pass("a request", () => names(server).length === 1);
  abort.abort();
  await done;
  assert.is(clock.pending, 0);
});

test("files that change are served; what cannot be is told of once, and the one before goes on", async () => {
  const [one, two, three] = await Promise.all(
    ["one", "two", "three"].map((nodeName) => selfSignedCertificate({ nodeName, addresses: [] })),
  );
  if (one === undefined || two === undefined || three === undefined) throw new Error("no certificates");
  const clock = new ManualClock();
  const abort = new AbortController();
  const lines: string[] = [];
  const served: ServingCertificate[] = [];
  let read = (): Promise<ServingCertificate> => Promise.resolve(one);
  const done = followCertificate({
    read: () => read(),
    first: one,
    serve: (certificate) => void served.push(certificate),
    clock,
    signal: abort.signal,
    logger: {
      log: (level, message, fields) => void lines.push(`${level} ${message} ${fields?.["error"] ?? ""}`),
    },
  });
  await clock.advance(60_000);
  assert.equal([served, lines], [[], []], "nothing has changed");
  read = () => Promise.resolve(two);
  await clock.advance(10_000);
  assert.equal(served, [two]);
  read = () => Promise.reject(new Error("half written"));
  await clock.advance(60_000);
  assert.is(lines.filter((line) => /^warn .*half written$/.test(line)).length, 1);
  read = () => Promise.resolve(three);
  await clock.advance(10_000);
  assert.equal(served, [two, three]);
  abort.abort();
  await done;
  assert.is(clock.pending, 0);
});

test.run();
