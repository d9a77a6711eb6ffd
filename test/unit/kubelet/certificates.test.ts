import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { selfSignedCertificate } from "../../../adapters/kubelet/certificate.ts";
import { certificatesOf, type ClientCaOptions, findClientCa } from "../../../adapters/kubelet/client_ca.ts";
import type { ApiPort, ApiResponse } from "../../../adapters/ports.ts";
import type { Fault } from "../../../core/fault.ts";

const test = suite("kubelet certificates");

const day = 86_400_000;

test("a self-signed certificate names the node and its addresses, and nothing that is no name", async () => {
  const now = Date.UTC(2026, 0, 1);
  const addresses = ["10.0.0.1", "::1", "0.0.0.0", "host.example", "not a name", "10.0.0.1"];
  const { cert, key } = await selfSignedCertificate({ nodeName: "vn1", addresses, now });
  const read = new X509Certificate(cert);
  const names = (read.subjectAltName ?? "").replace("0:0:0:0:0:0:0:1", "::1").split(", ").sort();
  assert.equal(names, ["DNS:host.example", "DNS:vn1", "IP Address:10.0.0.1", "IP Address:::1"]);
  assert.match(read.subject, "CN=vn1");
  assert.not(read.ca);
  assert.ok(Date.parse(read.validFrom) < now && Date.parse(read.validTo) > now + 364 * day);
  assert.match(key, "-----BEGIN PRIVATE KEY-----");
});

test("two certificates never share a key; long names fit", async () => {
  const nodeName = `${"a".repeat(60)}.${"b".repeat(60)}.example`;
  const [one, two] = await Promise.all([1, 2].map(() => selfSignedCertificate({ nodeName, addresses: [] })));
  assert.is.not(one?.key, two?.key);
  assert.match(new X509Certificate(one?.cert ?? "").subjectAltName ?? "", nodeName);
});

const pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----";

test("the certificates of a bundle, with text around them", () => {
  assert.equal(certificatesOf(`# one\n${pem}\n# two\n${pem}\n`), [pem, pem]);
  assert.equal(certificatesOf("-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----"), []);
});

const answering = (answer: E.Either<Fault, ApiResponse>): ApiPort => ({
  send: () => Promise.resolve(answer),
  stream: () => Promise.reject(new Error("no streams here")),
});
const ok = (body: unknown): ApiPort =>
  answering(E.right({ status: 200, retryAfterMs: undefined, text: JSON.stringify(body) }));
const published = ok({ data: { "client-ca-file": `published ${pem}` } });
const forbidden = answering(E.right({ status: 403, retryAfterMs: undefined, text: "{}" }));
const away = answering(E.left({ _tag: "Unavailable", message: "away" }));

const clusterCa = `cluster ${pem}`;

const rows: readonly (readonly [string, Partial<ClientCaOptions>, RegExp | undefined])[] = [
  ["published", { api: published, clusterCa }, /^published/],
  ["not readable: the cluster's", { api: forbidden, clusterCa }, /^cluster/],
  ["not reachable: the cluster's", { api: away, clusterCa }, /^cluster/],
  ["empty: the cluster's", { api: ok({ data: {} }), clusterCa }, /^cluster/],
  ["no API: the cluster's", { clusterCa }, /^cluster/],
  ["nothing", {}, undefined],
  ["nothing that is PEM", { clusterCa: "x" }, undefined],
];

for (const [name, options, expected] of rows) {
  test(`client CA: ${name}`, async () => {
    const levels: string[] = [];
    const logger = { log: (level: string) => void levels.push(level) };
    const found = await findClientCa({ signal: new AbortController().signal, logger, ...options });
    if (expected === undefined) {
      assert.is(found, undefined);
      assert.is(levels.at(-1), "warn");
    } else {
      assert.match(found?.pem ?? "", expected);
      assert.is(levels.at(-1), "info");
    }
  });
}

test("a client CA file is the only source when it is given", async () => {
  const folder = await mkdtemp(join(tmpdir(), "vk-ca-"));
  try {
    const { signal } = new AbortController();
    const file = join(folder, "ca.crt");
    const find = (): Promise<string> =>
      findClientCa({ file, api: published, clusterCa, signal }).then(
        (ca) => ca?.pem ?? "",
        (error) => String(error),
      );
    assert.match(await find(), /cannot be read: give a readable PEM file/);
    await writeFile(file, "nothing");
    assert.match(await find(), /holds no certificate/);
    await writeFile(file, `file ${pem}`);
    assert.match(await find(), /^file/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.run();
