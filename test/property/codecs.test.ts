import fc from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { canonicalJson } from "../../core/hash.ts";
import type { Decode, Decoded } from "../../core/kubernetes/decode.ts";
import { decodeLease } from "../../core/kubernetes/lease.ts";
import { decodeNode } from "../../core/kubernetes/node.ts";
import { decodePod } from "../../core/kubernetes/pod.ts";
import { deletePod, leasePath, nodePath, patchPodStatus, podPath } from "../../core/kubernetes/request.ts";
import { faultOfStatus, parseStatus, StatusCodec } from "../../core/kubernetes/status.ts";
import { formatMicroTime, formatTime, parseTime } from "../../core/time.ts";
import { decodePage } from "../../core/watch/page.ts";
import { decodeWatchEvent } from "../../core/watch/watch_event.ts";
import { faultTags } from "../arbitraries/fault.ts";
import { anyLease } from "../arbitraries/lease.ts";
import { anyName, anyNamespace, anyOddName } from "../arbitraries/names.ts";
import { anyNode } from "../arbitraries/node.ts";
import { anyPod } from "../arbitraries/pod.ts";
import { anyStatus } from "../arbitraries/status.ts";
import { anyBadWireOf, anyJson, anyListOf, anyWatchEventOf, anyWireOf } from "../arbitraries/wire.ts";
import { freeze } from "../tools/pods.ts";

const test = suite("what the API says is read, whatever it says");

type Json = Readonly<Record<string, any>>;

/** The kinds that are read: how, any object of it, and one that cannot be read. */
const kinds: readonly {
  readonly kind: string;
  readonly decode: Decode<unknown>;
  readonly good: fc.Arbitrary<Json>;
  readonly bad: fc.Arbitrary<Json>;
}[] = [
  { kind: "Pod", decode: decodePod, good: anyWireOf("Pod", anyPod), bad: anyBadWireOf("Pod", anyPod) },
  { kind: "Node", decode: decodeNode, good: anyWireOf("Node", anyNode), bad: anyBadWireOf("Node", anyNode) },
  {
    kind: "Lease",
    decode: decodeLease,
    good: anyWireOf("Lease", anyLease),
    bad: anyBadWireOf("Lease", anyLease),
  },
];

const bytesOf = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json));

/** What is to be left of an object: everything but the kind of it and `managedFields`. */
const kept = (
  { metadata: { managedFields: _dropped, ...metadata }, spec = {}, status = {} }: Json,
  kind: string,
) => canonicalJson(kind === "Lease" ? { metadata, spec } : { metadata, spec, status });

const uidOf = (decoded: Decoded<unknown>): unknown =>
  decoded._tag === "Left" ? decoded.left.uid : (decoded.right as Json).metadata.uid;

test("promise 12: any JSON is read or refused, never thrown at", () => {
  fc.assert(fc.property(anyJson, (json) => {
    for (const { decode, kind } of kinds) {
      for (
        const value of [json, { metadata: json }, {
          metadata: { name: "n", uid: "u" },
          spec: json,
          status: json,
        }]
      ) {
        const decoded = decode(freeze(value));
        if (decoded._tag === "Left") assert.ok(decoded.left.problems.length > 0, `${kind} says why`);
      }
      decodePage(bytesOf(json), kind, decode);
      decodePage(
        bytesOf({ kind: `${kind}List`, metadata: { resourceVersion: "1" }, items: json }),
        kind,
        decode,
      );
      decodeWatchEvent(bytesOf(json), decode);
      decodeWatchEvent(bytesOf({ type: "ADDED", object: json }), decode);
    }
    parseStatus(JSON.stringify(json));
  }));
});

test("promise 12: fields and values that nobody knows yet do not matter, and stay", () => {
  for (const { kind, decode, good } of kinds) {
    fc.assert(fc.property(good, (json) => {
      const decoded = decode(freeze(json));
      assert.is(decoded._tag, "Right", decoded._tag === "Left" ? decoded.left.problems.join() : "");
      if (decoded._tag === "Right") assert.is(kept(decoded.right as Json, kind), kept(json, kind));
    }));
  }
});

test("promise 12: what was read is written and read again as the same", () => {
  for (const { decode, good } of kinds) {
    fc.assert(fc.property(good, (json) => {
      const once = decode(json);
      const twice = decode(JSON.parse(JSON.stringify(once._tag === "Right" ? once.right : undefined)));
      assert.is(canonicalJson(twice), canonicalJson(once));
    }));
  }
});

test("promise 9: an object that cannot be read is known by its name and UID all the same", () => {
  for (const { decode, bad } of kinds) {
    fc.assert(fc.property(bad, (json) => {
      const decoded = decode(json);
      if (decoded._tag === "Right") return; // a spec of `{}` may be as good
      const { name, namespace = "", uid, resourceVersion } = json.metadata;
      const { problems, ...known } = decoded.left;
      assert.equal(known, { name, namespace, uid, resourceVersion });
      assert.ok(problems.length > 0 && problems.length <= 3);
    }));
  }
});

test("promise 9: one bad item of a list never loses the others", () => {
  for (const { kind, decode, good, bad } of kinds) {
    fc.assert(fc.property(anyListOf(kind, fc.oneof(good, bad)), (list) => {
      const page = decodePage(bytesOf(list), kind, decode);
      assert.ok(page._tag === "Right");
      const { items, bad: unread, next } = page.right;
      const alone = (list.items as readonly Json[]).map((item) => decode(JSON.parse(JSON.stringify(item))));
      assert.equal(
        items.map((item) => (item as Json).metadata.uid),
        alone.filter(({ _tag }) => _tag === "Right").map(uidOf),
      );
      assert.equal(unread.map(({ uid }) => uid), alone.filter(({ _tag }) => _tag === "Left").map(uidOf));
      assert.is(next, (list.metadata as Json).continue || undefined);
    }));
  }
});

test("promise 9: every event of a watch says which object it is about, read or not", () => {
  for (const { kind, decode, good, bad } of kinds) {
    fc.assert(fc.property(anyWatchEventOf(kind, fc.oneof(good, bad)), (json) => {
      const event = decodeWatchEvent(bytesOf(json), decode);
      const { uid, resourceVersion = "" } = (json.object as Json).metadata ?? {};
      switch (json.type) {
        case "ADDED":
        case "MODIFIED":
          assert.ok(event._tag === "Applied" || event._tag === "Undecodable");
          assert.is(event._tag === "Applied" ? (event.item as Json).metadata.uid : event.bad.uid, uid);
          assert.is(event.resourceVersion, resourceVersion);
          break;
        case "DELETED":
          assert.ok(event._tag === "Deleted" && event.ref.uid === uid);
          break;
        case "BOOKMARK":
          assert.ok(event._tag === "Bookmark" && event.resourceVersion === resourceVersion);
          break;
        case "ERROR":
          assert.ok(event._tag === "Failed" && event.status.code === (json.object as Json).code);
          break;
        default:
          assert.is(event._tag, "Unknown");
      }
    }));
  }
});

test("every error answer is a fault, and what it asks for is believed", () => {
  const known = new Set<string>(faultTags);
  fc.assert(
    fc.property(anyStatus, fc.integer({ min: 300, max: 599 }), fc.option(fc.nat(), { nil: undefined }), (
      status,
      code,
      after,
    ) => {
      assert.ok(StatusCodec.is(status));
      assert.equal(parseStatus(JSON.stringify(status)), JSON.parse(JSON.stringify(status)));
      const fault = faultOfStatus(code, status, after);
      assert.ok(known.has(fault._tag));
      const seconds = status.details?.retryAfterSeconds;
      const asked = after ?? (seconds === undefined ? undefined : seconds * 1000);
      if (fault._tag === "Throttled") assert.is(fault.retryAfterMs, asked);
      if (code === 429) assert.is(fault._tag, "Throttled");
    }),
  );
});

test("promise 12: names of any kind survive in the path of a request, each in its own place", () => {
  const name = fc.oneof(anyName, anyOddName), namespace = fc.oneof(anyNamespace, anyOddName);
  const segments = (path: string): readonly string[] => path.split("/").slice(1).map(decodeURIComponent);
  fc.assert(fc.property(namespace, name, anyOddName, (namespace, name, uid) => {
    assert.equal(segments(podPath(namespace, name)), ["api", "v1", "namespaces", namespace, "pods", name]);
    assert.equal(segments(patchPodStatus(namespace, name, {}).path).slice(3), [
      namespace,
      "pods",
      name,
      "status",
    ]);
    assert.equal(segments(nodePath(name)), ["api", "v1", "nodes", name]);
    assert.is(segments(leasePath(name)).at(-1), name);
    const { body } = deletePod(namespace, name, uid, 0) as { readonly body: Json };
    assert.is(body.preconditions.uid, uid);
  }));
});

test("promise 12: any text at all may be a name without an exception", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (namespace, name) => {
    assert.is(podPath(namespace, name).split("/").length, 7);
    assert.is(nodePath(name).split("/").length, 5);
  }));
  assert.is(nodePath("\ud800").split("/").length, 5);
});

test("times are written in whole seconds and read as what was written, however odd", () => {
  fc.assert(fc.property(fc.double(), (wall) => {
    const text = formatTime(wall), micro = formatMicroTime(wall);
    assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.match(micro, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    const read = parseTime(text);
    assert.ok(read !== undefined && formatTime(read) === text);
  }));
  fc.assert(fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (wall) => {
    assert.is(parseTime(formatTime(wall)), wall - wall % 1000);
    assert.is(parseTime(formatMicroTime(wall)), wall);
  }));
  fc.assert(fc.property(fc.string(), (text) => {
    const read = parseTime(text);
    assert.ok(read === undefined || Number.isFinite(read));
  }));
});

test.run();
