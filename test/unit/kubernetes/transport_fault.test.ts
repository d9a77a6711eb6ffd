import { suite } from "uvu";
import * as assert from "uvu/assert";
import { transportFault } from "../../../adapters/kubernetes/transport_fault.ts";
import type { FaultTag } from "../../../core/fault.ts";
import { getObject, patchPodStatus } from "../../../core/kubernetes/request.ts";

const test = suite("transportFault");

const coded = (code: string, message = "", more: Readonly<Record<string, unknown>> = {}): Error =>
  Object.assign(new Error(message), { code, ...more });
const caused = (message: string, cause: unknown): Error => new TypeError(message, { cause });

const writes: readonly (readonly [unknown, FaultTag])[] = [
  [coded("ECONNREFUSED"), "Unavailable"],
  [caused("fetch failed", coded("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1")), "Unavailable"],
  [caused("Request failed", caused("fetch failed", coded("ENOTFOUND"))), "Unavailable"],
  [coded("EAI_AGAIN"), "Unavailable"],
  [coded("ETIMEDOUT", "connect ETIMEDOUT", { syscall: "connect" }), "Unavailable"],
  [coded("UND_ERR_CONNECT_TIMEOUT"), "Unavailable"],
  [coded("SELF_SIGNED_CERT_IN_CHAIN"), "Unavailable"],
  [coded("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "Unavailable"],
  [coded("CERT_HAS_EXPIRED"), "Unavailable"],
  [coded("ERR_TLS_CERT_ALTNAME_INVALID"), "Unavailable"],
  [coded("ERR_SSL_WRONG_VERSION_NUMBER"), "Unavailable"],
  [coded("ERR_OSSL_PEM_NO_START_LINE"), "Unavailable"],
  [coded("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED"), "Unavailable"],
  [
    new TypeError("error sending request for url (https://h/): client error (Connect): dns error"),
    "Unavailable",
  ],
  [new TypeError("client error (Connect): invalid peer certificate: UnknownIssuer"), "Unavailable"],
  [coded("ECONNRESET"), "OutcomeUnknown"],
  [coded("EPIPE"), "OutcomeUnknown"],
  [coded("ETIMEDOUT", "read ETIMEDOUT", { syscall: "read" }), "OutcomeUnknown"],
  [coded("ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC"), "OutcomeUnknown"],
  [coded("UND_ERR_SOCKET", "other side closed"), "OutcomeUnknown"],
  [new TypeError("client error (SendRequest): connection closed before message completed"), "OutcomeUnknown"],
  [new Error("Network connection lost."), "OutcomeUnknown"],
  ["a thrown text", "OutcomeUnknown"],
  [undefined, "OutcomeUnknown"],
];

const server = "https://api.example:6443";
const write = patchPodStatus("a", "b", {});

for (const [error, tag] of writes) {
  test(`a write: ${error instanceof Error ? `${error.message} ${(error as { code?: string }).code ?? ""}` : error}`, () => {
    const fault = transportFault(write, server, error, undefined);
    assert.is(fault._tag, tag);
    assert.match(fault.message, `PATCH ${write.path} at ${server}: `);
    assert.is(transportFault(getObject("/x"), server, error, undefined)._tag, "Unavailable");
  });
}

test("an answer that did not come in time, or was not waited for, may have been carried out", () => {
  // The error of an abort says nothing of how far the request came.
  for (const why of ["aborted", "expired"] as const) {
    assert.is(transportFault(write, server, coded("ECONNREFUSED"), why)._tag, "OutcomeUnknown");
    assert.is(transportFault(getObject("/x"), server, new Error(), why)._tag, "Unavailable");
  }
});

test("the message is short and names no query", () => {
  const { message } = transportFault(
    write,
    server,
    new Error(`error sending request for url (https://h/p?continue=abc): ${"x".repeat(5000)}`),
    undefined,
  );
  assert.ok(message.length < 500);
  assert.not.match(message, "continue=abc");
});

test.run();
