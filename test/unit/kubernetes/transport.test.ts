import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FetchInit } from "../../../adapters/kubernetes/body.ts";
import type { ClientCertificate, TransportOptions } from "../../../adapters/kubernetes/connection.ts";
import { beginDeadline } from "../../../adapters/kubernetes/deadline.ts";
import { type Transport, transportOf } from "../../../adapters/kubernetes/transport.ts";

const test = suite("transport that is renewed");

const init: FetchInit = {
  method: "GET",
  headers: {},
  signal: new AbortController().signal,
  redirect: "manual",
};

/**
 * Transports that answer with a status, or when they are silent not before the signal aborts, and remember which
 * certificate each request was sent with.
 */
const fakes = () => {
  const state = {
    status: 200,
    silent: false,
    opened: 0,
    sent: [] as (string | undefined)[],
    closed: [] as (string | undefined)[],
  };
  const open = ({ clientCertificate }: TransportOptions): Transport => {
    state.opened++;
    return {
      fetch: (_url, { signal }) => {
        state.sent.push(clientCertificate);
        if (!state.silent) {
          return Promise.resolve({ status: state.status, headers: { get: () => null }, body: null });
        }
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      },
      close: () => {
        state.closed.push(clientCertificate);
        return Promise.resolve();
      },
    };
  };
  return { state, open };
};

const nameOf = async (request: PromiseLike<unknown>): Promise<string> => {
  try {
    await request;
    return "answered";
  } catch (error) {
    return (error as Error).name;
  }
};

/** A request that is given up because no answer comes. */
const timedOut = async (transport: Transport): Promise<void> => {
  const { signal, release } = beginDeadline(new AbortController().signal, 1);
  assert.is(await nameOf(transport.fetch("u", { ...init, signal })), "TimeoutError");
  release();
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

test("a source that fails when an answer did not come: another transport with the last certificate", async () => {
  const { state, open } = fakes();
  let broken = false;
  const clientCertificateSource = (): Promise<ClientCertificate> =>
    broken ? Promise.reject(new Error("no file")) : Promise.resolve(pair("good"));
  const transport = await transportOf({ server: "https://h", clientCertificateSource }, open);
  await transport.fetch("u", init);
  broken = true;
  state.silent = true;
  await timedOut(transport);
  state.silent = false;
  await transport.fetch("u", init);
  assert.equal([state.sent, state.opened], [["good", "good", "good"], 2]);
  await transport.close();
  assert.is(state.closed.length, 2);
});

test("no answer in time: another transport, one for all who waited; what others wait for goes on", async () => {
  const { state, open } = fakes();
  const transport = await transportOf({ server: "https://h" }, open);
  state.silent = true;
  const caller = new AbortController();
  const long = transport.fetch("u", { ...init, signal: caller.signal });
  await Promise.all([1, 2, 3].map(() => timedOut(transport)));
  state.silent = false;
  await Promise.all([transport.fetch("u", init), transport.fetch("u", init)]);
  assert.equal([state.opened, state.closed.length], [2, 0], "the first one still carries a request");
  caller.abort();
  assert.is(await nameOf(long), "AbortError");
  await transport.fetch("u", init);
  assert.is(state.opened, 2, "what the caller ended says nothing about the connections");
  await transport.close();
  assert.is(state.closed.length, 2);
});

test("a connection without a source has one transport", async () => {
  const { state, open } = fakes();
  const transport = await transportOf({ server: "https://h", clientCertificate: "c", clientKey: "k" }, open);
  await transport.fetch("u", init);
  await transport.close();
  assert.equal([state.sent, state.closed], [["c"], ["c"]]);
});

test.run();
