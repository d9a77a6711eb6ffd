// The same requests to the real API server and to ours: every wrong type of every field, and random writes by several managers.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { apiVersionOf, type Kind } from "../../adapters/apiserver/kind.ts";
import { kinds } from "../../adapters/apiserver/kinds/kinds.ts";
import { makeApiServer } from "../../adapters/apiserver/server/api_server.ts";
import { structOf } from "../../adapters/apiserver/schema/type_of.ts";
import type { Struct, Type } from "../../adapters/apiserver/schema/types.ts";
import { targetOfServer } from "../contract/apiserver/memory.ts";
import { realTarget } from "../contract/apiserver/real.ts";
import type { Reply, SendOptions, Target } from "../contract/apiserver/target.ts";
import fc from "../tools/fast_check.ts";
import { type RandomWrites, randomWrites } from "../tools/random_writes.ts";

const test = suite("our API server beside the real one");

// by itself it does nothing: both are compared after each request
const server = makeApiServer({ controllers: false });
const ours = targetOfServer("ours", server);
const real = await realTarget();

test.after(() => server.close());

const both = (method: string, path: string, options: SendOptions = {}): Promise<readonly [Reply, Reply]> =>
  Promise.all([real.send(method, path, options), ours.send(method, path, options)]);

type Step = string | 0;

/** A kind, a body with one value of another type, and where that is. */
type Wrong = readonly [Kind, object, readonly Step[]];

const wrongValues = (type: Type): readonly unknown[] => {
  switch (type._tag) {
    case "Struct":
    case "Map":
      return ["x", []];
    case "List":
      return ["x", {}];
    case "Scalar":
      break;
  }
  switch (type.atom) {
    case "string":
      return [true, {}];
    case "bool":
    case "float64":
      return ["x"];
    case "int32":
    case "int64":
      return ["x", 1.5];
    case "bytes":
    case "time":
    case "microtime":
      return [5, "x"];
    case "quantity":
      return [true, "x"];
    case "intstr":
      return [true];
    case "json":
      return [];
  }
};

const around = (path: readonly Step[], value: unknown): object =>
  path.reduceRight<unknown>((inner, step) => step === 0 ? [inner] : { [step]: inner }, value) as object;

/** Each struct is looked at once, where it is met first. */
const wrongsOf = (kind: Kind, seen: Set<Struct>): readonly Wrong[] => {
  const found: Wrong[] = [];
  const root = structOf(kind);
  const open: (readonly [Struct, readonly Step[]])[] = root === undefined ? [] : [[root, []]];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const [struct, before] = next;
    if (seen.has(struct)) continue;
    seen.add(struct);
    for (const { name, type } of struct.fields.values()) {
      if (before.length === 0 && (name === "kind" || name === "apiVersion")) continue;
      let path: readonly Step[] = [...before, name], at = type;
      for (;; at = at.item) {
        for (const value of wrongValues(at)) found.push([kind, around(path, value), path]);
        if (at._tag !== "List" && at._tag !== "Map") break;
        path = [...path, at._tag === "List" ? 0 : "k"];
      }
      if (at._tag === "Struct") open.push([at.struct, path]);
    }
  }
  return found;
};

const collectionOf = ({ group, version, namespaced, plural }: Kind): string =>
  `/${group === "" ? "api" : `apis/${group}`}/${version}/${namespaced ? "namespaces/default/" : ""}${plural}`;

test("a value of a wrong type is refused in the same words, in every field of every kind", async () => {
  const seen = new Set<Struct>();
  const all = kinds.flatMap((kind) => wrongsOf(kind, seen));
  assert.ok(all.length > 2000, `only ${all.length}`);
  const atOnce = 10;
  for (let i = 0; i < all.length; i += atOnce) {
    await Promise.all(
      all.slice(i, i + atOnce).map(async ([kind, fields, path]) => {
        const body = { apiVersion: apiVersionOf(kind), kind: kind.kind, ...fields };
        const [a, b] = await both("POST", collectionOf(kind), { body, query: { dryRun: "All" } });
        // what some field makes of another type is no fault of types
        if (a.status !== 400 && b.status !== 400) return;
        assert.equal(
          [b.status, b.body.message],
          [a.status, a.body.message],
          `${kind.kind} ${path.join(".")}`,
        );
      }),
    );
  }
});

/** Without what each server draws for itself. */
const undrawn = (text: string): string =>
  text.replace(/kube-api-access-\w{5}/g, "kube-api-access")
    .replace(/"(startTime|deletionTimestamp)":"[^"]*"/g, '"$1":""');

/** The fields are told by the causes; the value is the whole object, and a refused pod's change is printed another way. */
const messageOf = (message: string): string =>
  undrawn(message.replace(/Invalid value: "(?:\\.|[^"\\])*"/g, "").replace(/previously negative\)[^]*/, ""));

/** What both must have alike. */
const alike = ({ status, body }: Reply): unknown => {
  if (body.kind === "Status") {
    const { reason, message = "", details } = body;
    const fields = (details?.causes ?? []).map(({ field }: { field: string }) => field).sort();
    return { status, reason, message: messageOf(message), fields };
  }
  const { uid: _, resourceVersion: __, creationTimestamp: ___, ...metadata } = body.metadata;
  const { managedFields = [], ...marks } = metadata;
  const owners: readonly string[] = managedFields.map(({ time, ...entry }: { time?: string }) =>
    undrawn(JSON.stringify({ ...entry, timed: time !== undefined }))
  );
  const object = JSON.parse(undrawn(JSON.stringify({ ...body, metadata: marks })));
  return { status, object, owners: [...owners].sort().map((owner) => JSON.parse(owner)) };
};

const collections = { ConfigMap: "configmaps", Pod: "pods" } as const;

let runs = 0;

const compareWrites = async ({ kind, writes }: RandomWrites, namespace: string): Promise<void> => {
  const collection = `/api/v1/namespaces/${namespace}/${collections[kind]}`, name = `r${runs++}`;
  const path = `${collection}/${name}`;
  try {
    for (const { method, subresource, contentType, query, body } of writes) {
      const named = { ...body, metadata: { ...(body["metadata"] as object), name } };
      const at = method === "POST" ? collection : `${path}${subresource}`;
      const [a, b] = await both(method, at, { body: named, contentType, query });
      assert.equal(
        alike(b),
        alike(a),
        `${method} ${at} ${contentType} ${JSON.stringify(query)} ${JSON.stringify(named)}`,
      );
    }
  } finally {
    const merge = { contentType: "application/merge-patch+json", body: { metadata: { finalizers: null } } };
    await both("PATCH", path, merge);
    await both("DELETE", path, { query: { gracePeriodSeconds: "0" } });
  }
};

const prepare = async (target: Target, namespace: string): Promise<void> => {
  await target.send("POST", "/api/v1/namespaces", { body: { metadata: { name: namespace } } });
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await target.send("POST", path, { body: { metadata: { name: "default" } } });
};

test("random writes are answered alike, with the same owners of the same fields", async () => {
  const namespace = `alike-${Date.now().toString(36)}`;
  await Promise.all([prepare(real, namespace), prepare(ours, namespace)]);
  const property = fc.asyncProperty(randomWrites, (writes) => compareWrites(writes, namespace));
  await fc.assert(property, { numRuns: 80, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true });
  await both("DELETE", `/api/v1/namespaces/${namespace}`);
});

test.run();
