import fc, { share } from "../../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Kind } from "../../../adapters/apiserver/kind.ts";
import { kinds } from "../../../adapters/apiserver/kinds/kinds.ts";
import { canonicalQuantity } from "../../../adapters/apiserver/kinds/quantities.ts";
import type { ApiObject, JsonObject } from "../../../adapters/apiserver/object.ts";
import { checkFields } from "../../../adapters/apiserver/schema/check.ts";
import { emptyState } from "../../../adapters/apiserver/state.ts";
import { formOf } from "../../../adapters/apiserver/table/accept.ts";
import { humanDuration } from "../../../adapters/apiserver/table/age.ts";
import { parseQuantity } from "../../../core/kubernetes/quantity.ts";

const test = suite("properties of kinds");

const runs = share(0.3);

const now = { mono: 0, wall: Date.UTC(2024, 0, 1) };
const context = {
  state: emptyState(),
  user: { name: "u", groups: ["system:masters"] },
  now,
  dryRun: true,
} as const;

// names that rules look for, so that random JSON reaches them
const names = fc.constantFrom(
  ..."name namespace labels annotations finalizers spec status containers initContainers volumes env ports"
    .split(" "),
  ..."resources limits requests cpu memory image volumeMounts mountPath livenessProbe httpGet port valueFrom"
    .split(" "),
  ..."tolerations key operator conditions type containerStatuses state terminated subjects roleRef kind"
    .split(" "),
  ..."rules verbs data stringData clusterIP clusterIPs taints effect podIP podIPs __proto__ toString".split(
    " ",
  ),
);

const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      1,
      -1,
      80,
      "",
      "a",
      "A b",
      "1Gi",
      "Always",
      "2024-01-01T00:00:00Z",
    ),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(names, tie("json"), { maxKeys: 5 }),
  ),
}));

const fields = fc.dictionary(names, json, { maxKeys: 6 });

/** Random JSON that says that it is an object of a kind, with the metadata that the server gives. */
const objectOf = (kind: Kind) =>
  fc.tuple(fields, fields).map(([rest, metadata]) => ({
    ...rest,
    apiVersion: kind.group === "" ? "v1" : `${kind.group}/v1`,
    kind: kind.kind,
    metadata: {
      ...metadata,
      name: "a",
      namespace: kind.namespaced ? "n" : "",
      uid: "u",
      resourceVersion: "1",
      creationTimestamp: "2024-01-01T00:00:00Z",
    },
  } as unknown as ApiObject));

const stored = kinds.filter((kind) => kind.virtual !== true);

const frozen = <A>(value: A): A => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
};

for (const kind of stored) {
  const title = `${kind.group} ${kind.kind}`.trim();

  test(`${title}: rules and cells are total, and leave what they are given`, () => {
    fc.assert(
      fc.property(objectOf(kind), objectOf(kind), (object, before) => {
        frozen(object);
        frozen(before);
        const made = kind.defaults(object);
        for (const subresource of ["", ...Object.keys(kind.subresources)]) {
          kind.onUpdate(made, before, subresource, context);
          for (const { field, message, reason } of kind.validate(object, before, subresource)) {
            assert.ok([field, message, reason].every((text) => typeof text === "string"));
          }
        }
        kind.onCreate(made, context);
        kind.validate(object, undefined, "");
        kind.warnings?.(object, undefined, "");
        kind.changesDesired?.(object, before);
        assert.is(kind.cells(object, now).length, kind.columns.length);
        assert.ok(Number.isFinite(kind.graceSeconds?.(object, undefined) ?? 0));
        for (const selectable of Object.values(kind.fields)) assert.type(selectable(object), "string");
      }),
      runs,
    );
  });

  test(`${title}: defaults of defaults are the same`, () => {
    fc.assert(
      fc.property(objectOf(kind), (object) => {
        const checked = checkFields(kind, object as JsonObject, "Ignore");
        if (checked._tag === "Left") return;
        const once = kind.defaults(checked.right.object as ApiObject);
        assert.equal(kind.defaults(once), once);
      }),
      runs,
    );
  });
}

test("a canonical quantity is the same amount, and canonical", () => {
  const text = fc.stringMatching(/^-?\d{1,7}(\.\d{1,3})?(Ki|Mi|Gi|m|k|M|G|e[0-6])?$/);
  fc.assert(
    fc.property(text, (quantity) => {
      const canonical = canonicalQuantity(quantity) ?? "none";
      assert.is(canonicalQuantity(canonical), canonical);
      const [is, was] = [parseQuantity(canonical) ?? 0n, parseQuantity(quantity) ?? 0n];
      const off = is > was ? is - was : was - is;
      assert.ok(off < 1_000_000n, `${quantity} is ${canonical}`);
    }),
    runs,
  );
});

test("every accept header has a form or a refusal, and ages never grow a second time", () => {
  fc.assert(
    fc.property(fc.string(), (accept) => {
      const form = formOf(accept);
      assert.ok(form._tag === "Right" || form.left.code === 406);
    }),
    runs,
  );
  fc.assert(
    fc.property(fc.integer({ min: -5000, max: 2 ** 40 }), (ms) => {
      assert.match(humanDuration(ms), /^(<invalid>|\d+[smhdy](\d+[smhd])?)$/);
    }),
    runs,
  );
});

test.run();
