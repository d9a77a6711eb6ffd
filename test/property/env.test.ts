import fc from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { maxEnvLength, resolveEnv } from "../../core/pod/env.ts";
import { expand, expandWithin } from "../../core/pod/expand.ts";
import { anyPod } from "../arbitraries/pod.ts";
import { freeze } from "../tools/pods.ts";

const test = suite("environments");

const anyText = fc.array(fc.constantFrom("$(A)", "$(B)", "$$", "$", "(", ")", "$(", "x", "é€😀"), {
  maxLength: 8,
})
  .map((parts) => parts.join(""));

test("any pod has an environment for each of its containers, or is told which field is in the way", () => {
  fc.assert(fc.property(anyPod, (pod) => {
    const result = resolveEnv(freeze(pod));
    const all = [...pod.spec.initContainers ?? [], ...pod.spec.containers];
    const looked = all.some(({ env = [], envFrom = [] }) =>
      envFrom.length > 0 || env.some(({ valueFrom }) => valueFrom !== undefined)
    );
    assert.is(result._tag === "Left", looked);
    if (result._tag === "Left") {
      for (const { field, fatal } of result.left) {
        assert.ok(fatal && /^spec\.(initC|c)ontainers\[/.test(field), field);
      }
      return;
    }
    assert.equal(Object.keys(result.right).sort(), all.map(({ name }) => name).sort());
    for (const { name, env = [] } of all) {
      const values = result.right[name] ?? [];
      assert.equal(values.map((one) => one.name), [...new Set(env.map((one) => one.name))]);
      for (const one of values) {
        const { value = "" } = env.findLast((each) => each.name === one.name)!;
        if (!value.includes("$")) assert.is(one.value, value);
      }
    }
  }));
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
