import { inspect } from "node:util";
import fc from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { resolveEnv } from "../../core/pod/env.ts";
import { maxEnvLength } from "../../core/pod/env_work.ts";
import { expand, expandWithin } from "../../core/pod/expand.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import { allContainers, referencesOf } from "../../core/objects/references.ts";
import { lateFields } from "../../core/pod/field_ref.ts";
import { emptyPodMemory } from "../../core/pod/memory.ts";
import { reconcilePod } from "../../core/pod/reconcile.ts";
import { absent, present } from "../../core/seen.ts";
import { valuesOf } from "../../core/table.ts";
import { anyEnvVar, anyLiteral } from "../arbitraries/container.ts";
import { anyPod } from "../arbitraries/pod.ts";
import { base64, configMap, givenOf, secret, service } from "../tools/objects.ts";
import { freeze, policyOf } from "../tools/pods.ts";

const test = suite("environments");

const anyText = fc.array(fc.constantFrom("$(A)", "$(B)", "$$", "$", "(", ")", "$(", "x", "é€😀"), {
  maxLength: 8,
})
  .map((parts) => parts.join(""));

const anyName = fc.constantFrom("a", "b", "gone", "");
const anyKey = fc.constantFrom("A", "B", "1x", "no.dash-", "__proto__");
/** Values that cannot be mistaken for anything else that is printed. */
const mark = "ßecret";
const anyData = fc.dictionary(anyKey, fc.constantFrom("", "x", "$(A)", mark), { maxKeys: 3 });
const anyReference = fc.record({ name: anyName, key: anyKey, optional: fc.boolean() }, { requiredKeys: [] });
const anyFrom = fc.oneof(
  fc.record({ configMapRef: anyReference, prefix: fc.constantFrom("", "P_") }, {
    requiredKeys: ["configMapRef"],
  }),
  fc.record({ secretRef: anyReference }),
  fc.anything(),
);
const anySource: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.record({ configMapKeyRef: anyReference }),
  fc.record({ secretKeyRef: anyReference }),
  fc.record({
    fieldRef: fc.record({
      fieldPath: fc.constantFrom("metadata.name", "metadata.labels", "status.podIP", "x['"),
    }),
  }),
  fc.record({
    resourceFieldRef: fc.record({ resource: fc.constantFrom("limits.cpu", "x"), divisor: fc.anything() }),
  }),
  fc.dictionary(fc.string(), fc.anything(), { maxKeys: 2 }),
);
const anyEnv = fc.oneof(anyLiteral, anyEnvVar, fc.record({ name: anyKey, valueFrom: anySource }));
const anyAsking: fc.Arbitrary<Pod> = fc.tuple(
  anyPod,
  fc.array(anyFrom, { maxLength: 3 }),
  fc.array(anyEnv, { maxLength: 5 }),
  fc.option(fc.boolean(), { nil: undefined }),
).map(([pod, envFrom, env, enableServiceLinks]) => ({
  ...pod,
  spec: {
    ...pod.spec,
    enableServiceLinks,
    containers: pod.spec.containers.map((each, at) => at === 0 ? { ...each, envFrom, env } : each),
  },
}));
const namespaceOf = (pod: Pod): string => pod.metadata.namespace ?? "";

/** A pod that asks for this and that, some of the objects, and how many of the keys have been read. */
const anySituation = fc.tuple(anyAsking, anyData, anyData, fc.nat(9), fc.boolean()).map(
  ([pod, map, hidden, read, reversed]) => {
    const items = [
      configMap(namespaceOf(pod), "a", map),
      secret(namespaceOf(pod), "a", hidden),
      secret(namespaceOf(pod), "b", { A: mark }),
      service(namespaceOf(pod), "web", "10.0.0.1", [{ port: 80 }]),
      service(namespaceOf(pod), "db", "10.0.0.2", [{ port: 81 }]),
    ];
    const keys = referencesOf(pod).filter((_, at) => read > 4 || at < read);
    return { pod, given: givenOf(items, keys), again: givenOf(reversed ? items.reverse() : items, keys) };
  },
);

/** A pod that can begin, with what is secret in its environment and made a part of other variables. */
const anyCarrying: typeof anySituation = fc.tuple(anyAsking, fc.array(anyLiteral, { maxLength: 4 })).map(
  ([asking, literals]) => {
    const env = [{ name: "A", valueFrom: { secretKeyRef: { name: "b", key: "A" } } }, ...literals];
    const containers = asking.spec.containers.map((each) => ({ ...each, envFrom: [], env }));
    const pod = { ...asking, spec: { ...asking.spec, initContainers: [], containers } };
    const given = givenOf([secret(namespaceOf(pod), "b", { A: mark })], referencesOf(pod));
    return { pod, given, again: given };
  },
);

test("any pod: each container has its environment, or is told what is in the way; and it is always the same", () => {
  fc.assert(fc.property(anySituation, ({ pod, given, again }) => {
    const resolved = resolveEnv(freeze(pod), given);
    const values = (from: typeof resolved): unknown =>
      Object.entries(from.env).map(([name, env]) => [name, env.map(({ name, value }) => [name, value])]);
    const once = resolveEnv(pod, again);
    assert.equal(once, resolved);
    assert.equal(values(once), values(resolved));
    for (const { field, fatal } of resolved.problems) {
      assert.ok(fatal && /^spec\.(initC|c)ontainers\[/.test(field), field);
    }
    for (const { name, env = [] } of allContainers(pod.spec)) {
      const missing = resolved.missing.some(({ container }) => container === name);
      const found = resolved.env[name];
      assert.is(found === undefined, missing);
      if (found === undefined || resolved.problems.length > 0) continue;
      const names = found.map((one) => one.name);
      assert.is(new Set(names).size, names.length);
      for (const { name, value, valueFrom } of env) {
        if (valueFrom === undefined || value) assert.ok(names.includes(name));
      }
    }
  }));
});

test("no value of a Secret is in anything that is printed", () => {
  let carried = 0;
  const now = { mono: 10_000, wall: 1_767_225_610_000 };
  const anyOfBoth = fc.oneof(anySituation, anyCarrying);
  fc.assert(fc.property(anyOfBoth, fc.constantFrom("pods", "containers"), ({ pod, given }, kind) => {
    const live = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: undefined }, status: {} };
    const policy = policyOf(kind, { binds: lateFields });
    const plan = reconcilePod(present(live), absent, emptyPodMemory, now, policy, given);
    const plain = JSON.stringify(live).includes(mark);
    const [intent] = plan.actions.flatMap((action) => "intent" in action ? [action.intent] : []);
    if (Object.values(intent?.env ?? {}).some((env) => env.some(({ value }) => value.includes(mark)))) {
      carried++;
    }
    const fromMap = JSON.stringify(
      valuesOf(given.objects.entries).map(({ items }) =>
        [...items?.values() ?? []].map((one) =>
          one._tag === "Present" && one.value.kind === "ConfigMap" && one.value.data
        )
      ),
    ).includes(mark);
    if (plain || fromMap) return;
    const printed = [JSON.stringify(plan), inspect(plan, { depth: 20 }), inspect(given, { depth: 20 })];
    for (const text of printed) assert.not.ok(text.includes(mark) || text.includes(base64(mark)));
    assert.not.ok(JSON.stringify({ ...given }).includes(base64(mark)));
  }));
  assert.ok(carried > 0, "and yet it reaches the back end");
});

test("expansion: nothing without a dollar changes, what is not known stays, and the limit holds", () => {
  fc.assert(fc.property(anyText, anyText, fc.nat(40), (text, value, limit) => {
    const known = (name: string): string | undefined => name === "A" ? value : undefined;
    const full = expand(text, known);
    assert.is(expandWithin(text, known, limit), full.length <= limit ? full : undefined);
    assert.is(expandWithin(text, known, maxEnvLength), full);
    const plain = text.replaceAll("$", "");
    assert.is(expand(plain, known), plain);
    assert.is(expand(text.replaceAll("$", "$$$$"), known), text, "every dollar doubled");
  }));
});

test.run();
