import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FetchInit } from "../../../adapters/kubernetes/body.ts";
import type { ClientCertificate, TransportOptions } from "../../../adapters/kubernetes/connection.ts";
import { type Transport, transportOf } from "../../../adapters/kubernetes/transport.ts";

const test = suite("transport with a renewed client certificate");

const init: FetchInit = {
  method: "GET",
  headers: {},
  signal: new AbortController().signal,
  redirect: "manual",
};

/** Transports that answer with a status and remember which certificate each request was sent with. */
const fakes = () => {
  const state = { status: 200, sent: [] as (string | undefined)[], closed: [] as (string | undefined)[] };
  const open = ({ clientCertificate }: TransportOptions): Transport => ({
    fetch: () => {
      state.sent.push(clientCertificate);
      return Promise.resolve({ status: state.status, headers: { get: () => null }, body: null });
    },
    close: () => {
      state.closed.push(clientCertificate);
      return Promise.resolve();
    },
  });
  return { state, open };
};

const pair = (certificate: string): ClientCertificate => ({ certificate, key: `${certificate} key` });

test("the certificate is looked up once, and again after a 401", async () => {
  const { state, open } = fakes();
  let certificate = "old";
  let asked = 0;
  const clientCertificateSource = (): Promise<ClientCertificate> => {
    asked++;
    return Promise.resolve(pair(certificate));
  };
  const transport = await transportOf({ server: "https://h", clientCertificateSource }, open);
  await Promise.all([transport.fetch("u", init), transport.fetch("u", init)]);
  assert.is(asked, 1);
  certificate = "new";
  await transport.fetch("u", init);
  state.status = 401;
  await transport.fetch("u", init);
  state.status = 200;
  await transport.fetch("u", init);
  assert.equal(state.sent, ["old", "old", "old", "old", "new"]);
  assert.equal(state.closed, []);
  await transport.close();
  assert.equal(state.closed, ["old", "new"]);
});

test("a source that fails: an error at first, later the last certificate is used on", async () => {
  const { state, open } = fakes();
  let broken = true;
  const clientCertificateSource = (): Promise<ClientCertificate> =>
    broken ? Promise.reject(new Error("no file")) : Promise.resolve(pair("good"));
  const transport = await transportOf({ server: "https://h", clientCertificateSource }, open);
  let error: unknown;
  await Promise.resolve(transport.fetch("u", init)).catch((thrown) => error = thrown);
  assert.match(String(error), "no file");
  broken = false;
  state.status = 401;
  await transport.fetch("u", init);
  broken = true;
  await transport.fetch("u", init);
  assert.equal(state.sent, ["good", "good"]);
  await transport.close();
});

test("a connection without a source has one transport", async () => {
  const { state, open } = fakes();
  const transport = await transportOf({ server: "https://h", clientCertificate: "c", clientKey: "k" }, open);
  await transport.fetch("u", init);
  await transport.close();
  assert.equal([state.sent, state.closed], [["c"], ["c"]]);
});

test.run();
