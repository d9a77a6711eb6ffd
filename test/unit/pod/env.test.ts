import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Container, EnvVar } from "../../../core/kubernetes/container.ts";
import { expandArgv, resolveEnv } from "../../../core/pod/env.ts";
import { maxEnvLength } from "../../../core/pod/env_work.ts";
import { container, podOf } from "../../tools/containers.ts";

const test = suite("literal environment");

const withEnv = (...env: readonly EnvVar[]): Container => container("a", { env });
const v = (name: string, value?: string): EnvVar => value === undefined ? { name } : { name, value };

/** Declarations of the one container, and its environment as `NAME=value`. */
const rows: readonly (readonly [string, readonly EnvVar[], readonly string[]])[] = [
  ["none", [], []],
  ["in the declared order", [v("Z", "1"), v("A", "2")], ["Z=1", "A=2"]],
  ["an absent value is empty", [v("A")], ["A="]],
  ["chained", [v("FOO", "bar"), v("ZOO", "$(FOO)-1"), v("BLU", "$(ZOO)-2")], [
    "FOO=bar",
    "ZOO=bar-1",
    "BLU=bar-1-2",
  ]],
  ["a later one stays as written", [v("A", "$(B)"), v("B", "1")], ["A=$(B)", "B=1"]],
  ["results are not expanded again", [v("A", "$$(B)"), v("B", "1"), v("C", "$(A)")], [
    "A=$(B)",
    "B=1",
    "C=$(B)",
  ]],
  ["unknown ones stay as written", [v("A", "$(HOME)/x")], ["A=$(HOME)/x"]],
  ["the last of a name wins", [v("A", "1"), v("B", "$(A)"), v("A", "2"), v("C", "$(A)")], [
    "A=2",
    "B=1",
    "C=2",
  ]],
  ["a name may extend itself", [v("PATH", "/bin"), v("PATH", "/opt:$(PATH)")], ["PATH=/opt:/bin"]],
  ["of itself alone stays as written", [v("A", "$(A)")], ["A=$(A)"]],
  ["names of Object.prototype", [v("__proto__", "1"), v("A", "$(__proto__)$(constructor)")], [
    "__proto__=1",
    "A=1$(constructor)",
  ]],
];

for (const [name, env, expected] of rows) {
  test(name, () => {
    const resolved = resolveEnv(podOf({ apps: [withEnv(...env)] }));
    assert.equal(resolved.env.a?.map((each) => `${each.name}=${each.value}`), expected);
    assert.equal([resolved.problems, resolved.missing, resolved.notices], [[], [], []]);
  });
}

test("each container has its own, init containers too", () => {
  const pod = podOf({
    inits: [container("i", { env: [v("A", "1")] })],
    apps: [container("a", { env: [v("B", "$(A)")] }), container("b")],
  });
  assert.equal(resolveEnv(pod).env, {
    i: [{ name: "A", value: "1" }],
    a: [{ name: "B", value: "$(A)" }],
    b: [],
  });
});

test("every field that cannot be honoured is named", () => {
  const pod = podOf({
    inits: [container("i", { env: [{ name: "I", valueFrom: { fileKeyRef: {} } }] })],
    apps: [
      container("a", {
        env: [
          v("A", "1"),
          { name: "B", valueFrom: { fieldRef: { fieldPath: "status.phase" } } },
          { name: "C", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
          { name: "D", valueFrom: { resourceFieldRef: { resource: "limits.gold" } } },
        ],
      }),
      container("b", { env: [{ name: "C", valueFrom: {} }] }),
    ],
  });
  const { problems } = resolveEnv(pod);
  assert.equal(problems.map(({ field, message }) => `${field}: ${message}`), [
    "spec.initContainers[0].env[0].valueFrom.fileKeyRef: variables from files of a volume are not supported: use " +
    "configMapKeyRef or secretKeyRef",
    "spec.containers[0].env[1].valueFrom.fieldRef: unsupported fieldPath: status.phase",
    "spec.containers[0].env[2].valueFrom.fieldRef: status.podIP is not known before the pod runs, and this provider " +
    "does not put it in then",
    "spec.containers[0].env[3].valueFrom.resourceFieldRef: unsupported container resource: limits.gold",
    "spec.containers[1].env[0].valueFrom: a source of this kind is not known: it is empty",
  ]);
  assert.ok(problems.every(({ fatal }) => fatal));
});

test("variables that double from line to line are refused, not made", () => {
  const env = Array.from(
    { length: 64 },
    (_, at) => v(`V${at}`, at === 0 ? "x".repeat(1024) : `$(V${at - 1})$(V${at - 1})`),
  );
  const { problems } = resolveEnv(podOf({ apps: [withEnv(...env)] }));
  assert.equal(problems.map(({ field }) => field), [
    "spec.containers[0].env[10].value",
  ]);
});

test("so are arguments", () => {
  const env = [v("BIG", "x".repeat(maxEnvLength / 2))];
  const args = ["$(BIG)$(BIG)", "$(BIG)$(BIG)$(BIG)"];
  const { problems } = resolveEnv(podOf({ apps: [container("a", { env, args, command: ["sh"] })] }));
  assert.equal(problems.map(({ field }) => field), [
    "spec.containers[0].args[1]",
  ]);
});

test("command and args are expanded with the container's environment", () => {
  const words = container("a", { command: ["run", "$(A)"], args: ["$(B)", "$$(A)", "$(NO)"] });
  const env = [{ name: "A", value: "1" }, { name: "B", value: "$(A)" }];
  assert.equal(expandArgv(words, env), { command: ["run", "1"], args: ["$(A)", "$(A)", "$(NO)"] });
  assert.equal(expandArgv(container("b"), env), { command: undefined, args: undefined });
});

test.run();
