import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import fc from "../../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { addressTowards, isOwnAddress } from "../../../adapters/cli/address.ts";
import { clusterName } from "../../../adapters/cli/cluster_name.ts";
import { noLogger } from "../../../adapters/silent.ts";

const test = suite("where the program is");

const names: readonly (readonly [string, RegExp])[] = [
  ["https://127.0.0.1:6443", /^127\.0\.0\.1-6443$/],
  ["https://127.0.0.1:6443/", /^127\.0\.0\.1-6443$/],
  ["https://api.example.com", /^api\.example\.com$/],
  ["https://rancher.example/k8s/clusters/c-1", /^rancher\.example-k8s-clusters-c-1-[a-z0-9]+$/],
  ["https://[2001:db8::1]:6443", /^2001-db8-1-6443-[a-z0-9]+$/],
];

for (const [server, wanted] of names) {
  test(`the cluster behind ${server}`, () => assert.match(clusterName(server), wanted));
}

test("a cluster is known by its CA, wherever its API server moves", () => {
  const name = clusterName("https://10.0.0.1:6443", "-----BEGIN\nAAAA\n");
  assert.match(name, /^ca-[0-9a-f]{16}$/);
  assert.is(clusterName("https://api.example:443/", "-----BEGIN\r\nAAAA\r\n"), name);
  assert.is.not(clusterName("https://10.0.0.1:6443", "-----BEGIN\nAAAB\n"), name);
  assert.is.not(clusterName("https://10.0.0.1:6443/k8s/clusters/c-1", "-----BEGIN\nAAAA\n"), name);
});

test("a cluster's name can be a label's value, and two servers have two", () => {
  const host = fc.stringMatching(/^[a-z][a-z0-9-]{0,40}[a-z0-9](\.[a-z][a-z0-9]{0,19}){0,3}$/);
  const server = fc.tuple(
    host,
    fc.integer({ min: 1, max: 65_535 }),
    fc.stringMatching(/^(\/[a-z0-9-]{1,30}){0,3}$/),
  )
    .map(([name, port, path]) => `https://${name}:${port}${path}`).filter((url) => URL.canParse(url));
  fc.assert(fc.property(server, server, (a, b) => {
    assert.match(clusterName(a), /^[A-Za-z0-9]([-A-Za-z0-9.]{0,61}[A-Za-z0-9])?$/);
    assert.is(clusterName(a) === clusterName(b), new URL(a).href === new URL(b).href);
  }));
});

const never = new AbortController().signal;

/** A port where something listens. */
const listening = async (address: string): Promise<{ readonly port: number; readonly close: () => void }> => {
  const server = createServer((socket) => socket.on("error", () => {}));
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, address, resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
};

test("a server on this machine is reached from 127.0.0.1", async () => {
  const { port, close } = await listening("127.0.0.1");
  const address = await addressTowards(`https://127.0.0.1:${port}`, never, noLogger);
  close();
  assert.is(address, "127.0.0.1");
  assert.ok(isOwnAddress(address));
});

test("without a connection the address is a guess, and that is told", async () => {
  const { port, close } = await listening("127.0.0.1");
  close();
  const lines: string[] = [];
  const logger = { log: (level: string, message: string) => void lines.push(`${level} ${message}`) };
  const address = await addressTowards(`https://127.0.0.1:${port}`, never, logger);
  assert.ok(isOwnAddress(address), address);
  assert.equal(lines, ["warn the node's address is a guess; give one with --address"]);
});

test("a stop ends it", async () => {
  const error = new Error("stopped");
  const caught = await addressTowards("https://127.0.0.1:9", AbortSignal.abort(error), noLogger).catch((e) =>
    e
  );
  assert.is(caught, error);
});

test("an address of documentation is not this machine's", () => assert.not(isOwnAddress("192.0.2.1")));

test.run();
