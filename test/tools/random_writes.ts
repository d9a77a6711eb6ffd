// Random writes of a few objects by a few managers, that often meet on the same fields.
import type { JsonObject } from "../../adapters/apiserver/object.ts";
import fc from "./fast_check.ts";

/** One request. `path` begins behind the object's own. */
export interface RandomWrite {
  readonly method: "POST" | "PUT" | "PATCH";
  readonly subresource: string;
  readonly contentType: string;
  readonly query: Readonly<Record<string, string>>;
  /** Without its name. */
  readonly body: JsonObject;
}

/** Writes of one object, one after the other. */
export interface RandomWrites {
  readonly kind: "ConfigMap" | "Pod";
  readonly writes: readonly RandomWrite[];
}

const few = <A>(...values: readonly A[]): fc.Arbitrary<A> => fc.constantFrom(...values);

/** Some of the fields. */
const some = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<JsonObject> =>
  fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;

const texts = some({ a: few("1", "2"), b: few("1", "2"), c: few("1", "2") });

const finalizers = fc.shuffledSubarray(["x.y/a", "x.y/b", "x.y/c"]);

const metadata = some({
  labels: texts,
  annotations: texts,
  finalizers,
  ownerReferences: fc.constant([]),
});

const condition = (type: string): fc.Arbitrary<JsonObject> =>
  fc.record(
    {
      type: fc.constant(type),
      status: few("True", "False"),
      reason: few("R", "S"),
      message: fc.constant("m"),
    },
    { requiredKeys: ["type", "status"] },
  );

const conditions = fc.shuffledSubarray(["A", "B", "C"]).chain((types) => fc.tuple(...types.map(condition)));

const container = fc.record(
  {
    name: fc.constant("c"),
    image: few("i", "j"),
    env: fc.constant([{ name: "A", value: "1" }]),
    ports: fc.constant([{ containerPort: 80 }]),
    args: fc.constant(["a"]),
    resources: fc.constant({ limits: { cpu: "1000m" } }),
  },
  { requiredKeys: ["name", "image"] },
);

const spec = fc.record(
  {
    // no scheduler has this name: the pod stays where it is
    schedulerName: fc.constant("nobody"),
    containers: container.map((each) => [each]),
    activeDeadlineSeconds: fc.constant(5),
    volumes: fc.constant([{ name: "v", emptyDir: {} }]),
  },
  { requiredKeys: ["schedulerName", "containers"] },
);

const status = some({
  conditions,
  phase: few("Running", "Pending"),
  message: few("a", "b"),
  podIP: fc.constant("1.1.1.1"),
  podIPs: fc.constant([{ ip: "1.1.1.1" }]),
  hostIP: fc.constant("2.2.2.2"),
});

const bodies = {
  ConfigMap: some({
    metadata,
    data: texts,
    immutable: fc.constant(false),
    binaryData: some({ x: fc.constant("YQ==") }),
  }),
  Pod: some({ metadata, spec, status }),
} as const;

const nulled = (value: unknown, nulls: readonly boolean[]): unknown =>
  Object.fromEntries(
    Object.entries(value ?? {}).map(([name, entry], index) => [name, nulls[index] ? null : entry]),
  );

/** The body as a patch: some of its texts are removed. */
const patchOf = (body: JsonObject, nulls: readonly boolean[]): JsonObject => {
  const { labels, ...rest } = (body["metadata"] ?? {}) as JsonObject;
  const { data, ...others } = body;
  return {
    ...others,
    ...(data === undefined ? {} : { data: nulled(data, nulls) as JsonObject }),
    metadata: { ...rest, ...(labels === undefined ? {} : { labels: nulled(labels, nulls) as JsonObject }) },
  };
};

const types = {
  apply: "application/apply-patch+yaml",
  force: "application/apply-patch+yaml",
  merge: "application/merge-patch+json",
  forget: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  put: "application/json",
} as const;

type How = keyof typeof types;

const bodyFor = (how: How, kind: string, body: JsonObject, nulls: readonly boolean[]): JsonObject => {
  switch (how) {
    case "apply":
    case "force":
    case "put":
      return { apiVersion: "v1", kind, ...body };
    case "merge":
    case "strategic":
      return patchOf(body, nulls);
    case "forget":
      return { metadata: { managedFields: nulls[0] ? [{}] : [] } };
  }
};

const writeOf = (kind: "ConfigMap" | "Pod"): fc.Arbitrary<RandomWrite> =>
  fc.record({
    how: few<How>("apply", "apply", "force", "merge", "strategic", "put", "forget"),
    subresource: kind === "Pod" ? few("", "/status") : few(""),
    manager: few("m1", "m2", "m3"),
    body: bodies[kind],
    nulls: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
  }).map(({ how, subresource, manager, body, nulls }) => ({
    method: how === "put" ? "PUT" : "PATCH",
    subresource: how === "forget" ? "" : subresource,
    contentType: types[how],
    query: { fieldManager: manager, ...(how === "force" ? { force: "true" } : {}) },
    body: bodyFor(how, kind, body, nulls),
  }));

const creation = (kind: "ConfigMap" | "Pod"): fc.Arbitrary<RandomWrite> =>
  bodies[kind].map((body) => ({
    method: "POST",
    subresource: "",
    contentType: types.put,
    query: { fieldManager: "m1" },
    body: { apiVersion: "v1", kind, ...body },
  }));

const writesOf = (kind: "ConfigMap" | "Pod"): fc.Arbitrary<RandomWrites> =>
  fc.tuple(fc.oneof(creation(kind), writeOf(kind)), fc.array(writeOf(kind), { maxLength: 8 }))
    .map(([first, rest]) => ({ kind, writes: [first, ...rest] }));

export const randomWrites: fc.Arbitrary<RandomWrites> = fc.oneof(writesOf("ConfigMap"), writesOf("Pod"));
