import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bootstrap } from "../../../adapters/apiserver/bootstrap.ts";
import { kinds } from "../../../adapters/apiserver/kinds/kinds.ts";
import { lookup } from "../../../adapters/apiserver/store.ts";
import { commandsFor, shellWord } from "../../../adapters/demo/commands.ts";
import { samplePods } from "../../../adapters/demo/samples.ts";
import { snapshotOf, stateFrom } from "../../../adapters/demo/snapshot.ts";
import { unsupported } from "../../../adapters/provider/process/unsupported.ts";
import { decodePod } from "../../../core/kubernetes/pod.ts";
import * as E from "fp-ts/lib/Either.js";

const test = suite("what the demo begins with");

const options = { provider: "process", nodes: 3, port: 8080, runtime: ["runtime", "eval"] } as const;

test("processes can do all that the sample pods ask for", () => {
  const pods = samplePods(options);
  assert.equal(pods.map((pod) => (pod["metadata"] as { name?: string }).name), ["count", "web"]);
  for (const pod of pods) {
    const decoded = decodePod({ ...pod, metadata: { ...pod["metadata"] as object, uid: "u" }, status: {} });
    if (E.isLeft(decoded)) throw new Error(decoded.left.problems.join());
    const intent = { pod: decoded.right, env: {}, specHash: "", owner: { cluster: "c", node: "n" } };
    assert.equal(unsupported(intent, { uid: 1, gid: 1 }), []);
  }
});

test("simulated pods are two a node, and bounded", () => {
  const count = (nodes: number): number => samplePods({ ...options, provider: "memory", nodes }).length;
  assert.equal([1, 3, 100, 1000].map(count), [2, 6, 200, 200]);
  const names = samplePods({ ...options, provider: "memory", nodes: 50 }).map((pod) =>
    (pod["metadata"] as { name: string }).name
  );
  assert.is(new Set(names).size, names.length);
});

test("words for a shell", () => {
  assert.is(shellWord("/tmp/vk-demo-x/admin.kubeconfig"), "/tmp/vk-demo-x/admin.kubeconfig");
  assert.is(shellWord("/tmp/it's here"), "'/tmp/it'\\''s here'");
});

test("the lines to copy name kubectl where it is, and else what runs this program", async () => {
  const folder = mkdtempSync(join(tmpdir(), "vk-commands-"));
  const clientOf = async (...names: readonly string[]): Promise<string> => {
    for (const name of names) writeFileSync(join(folder, name), "", { mode: 0o755 });
    const [first, second = "", ...rest] = await commandsFor("/tmp/a b/c", "web", {
      PATH: `${folder}/none:${folder}`,
    });
    const client = second.replace(/ get pods$/, "");
    assert.is(first, "export KUBECONFIG='/tmp/a b/c'");
    assert.equal(rest, [`${client} logs -f web`, `${client} delete pod web`]);
    return client;
  };
  const onDeno = process.versions.deno !== undefined;
  assert.match(await clientOf(), onDeno ? /^npx -y deno@\S+ task vk$/ : /^node \S+samples\.test\.ts$/);
  assert.match(await clientOf("deno"), onDeno ? /^deno task vk$/ : /^node /);
  assert.is(await clientOf("vk"), "vk");
  assert.is(await clientOf("kubectl"), "kubectl");
  rmSync(folder, { recursive: true });
});

test("a state comes back from its snapshot as it was, but for what does not live long", () => {
  const first = bootstrap({ seed: "s" }, { mono: 0, wall: 0 });
  const second = stateFrom(JSON.parse(JSON.stringify(snapshotOf(first))));
  assert.equal(snapshotOf(second), snapshotOf(first));
  assert.is(second.revision, first.revision);
  assert.is(second.drawn, first.drawn);
  assert.is(second.history.compacted, first.revision, "watches from before are told to list again");
  const namespace = kinds.find(({ kind }) => kind === "Namespace");
  if (namespace === undefined) throw new Error("there is no kind Namespace");
  assert.ok(lookup(first, namespace, undefined, "default") !== undefined);
  assert.equal(
    lookup(second, namespace, undefined, "default"),
    lookup(first, namespace, undefined, "default"),
  );
  assert.is(snapshotOf(second).objects["events"], undefined);
});

test.run();
