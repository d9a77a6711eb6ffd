import type { TLSSocket } from "node:tls";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { peerIdentity } from "../../../adapters/kubelet/peer.ts";

const test = suite("kubelet peer identity");

interface Shown {
  readonly authorized?: boolean;
  readonly reused?: boolean;
  readonly certificate?: object;
}

const certificate = (fingerprint256: string): object => ({
  fingerprint256,
  subject: { CN: "u", O: ["g"] },
  valid_to: "Jan  1 00:00:00 2030 GMT",
});

const socket = (
  { authorized = true, reused = false, certificate: shown = certificate("AA") }: Shown,
): TLSSocket =>
  ({ authorized, isSessionReused: () => reused, getPeerCertificate: () => shown }) as unknown as TLSSocket;

const before = (): number => Date.UTC(2029, 0, 1);

const user = { username: "u", groups: ["g"] };

test("a verified certificate is its subject's", () => {
  assert.equal(peerIdentity(before)(socket({})), user);
});

const nobodies: readonly (readonly [string, Shown])[] = [
  ["a certificate that was not verified", { authorized: false }],
  ["no certificate", { certificate: {} }],
  ["no certificate on a resumed session, which node calls authorized", { certificate: {}, reused: true }],
  ["a resumed session with a certificate that was never verified here", { reused: true }],
  ["a certificate without a name", { certificate: { ...certificate("AA"), subject: { O: "g" } } }],
  ["a certificate without a readable end", { certificate: { ...certificate("AA"), valid_to: "soon" } }],
];

for (const [name, shown] of nobodies) {
  test(`nobody: ${name}`, () => assert.is(peerIdentity(before)(socket(shown)), undefined));
}

test("a resumed session counts with a certificate that a full handshake verified", () => {
  const identify = peerIdentity(before);
  identify(socket({}));
  assert.equal(identify(socket({ reused: true })), user);
  assert.is(identify(socket({ reused: true, certificate: certificate("BB") })), undefined);
});

test("a refused certificate does not become known by being shown", () => {
  const identify = peerIdentity(before);
  identify(socket({ authorized: false }));
  identify(socket({ reused: true }));
  assert.is(identify(socket({ reused: true })), undefined);
});

test("what is remembered is bounded, the least recent going first", () => {
  const identify = peerIdentity(before);
  for (let at = 0; at <= 1_024; at++) identify(socket({ certificate: certificate(`${at}`) }));
  assert.is(identify(socket({ reused: true, certificate: certificate("0") })), undefined);
  assert.equal(identify(socket({ reused: true, certificate: certificate("1") })), user);
});

test("an open connection loses its identity when the certificate expires", () => {
  let now = before();
  const identify = peerIdentity(() => now);
  const connection = socket({});
  assert.equal(identify(connection), user);
  now = Date.UTC(2030, 0, 1, 0, 0, 1);
  assert.is(identify(connection), undefined);
});

test.run();
