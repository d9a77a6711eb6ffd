// `vk get`, `apply`, `delete` and `logs` on a real API server, beside what kubectl says of the same.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parse, parseAllDocuments, stringify } from "yaml";
import { type Finished, mustRun, runCommand, runtimeCommand } from "../tools/child.ts";
import { root } from "../tools/files.ts";
import { type Program, startProgram } from "../tools/program.ts";
import { clusterSetting } from "../tools/setting.ts";

const setting = (name: string): string => clusterSetting(name, "cluster/client_commands");

const kubeconfig = setting("VK_TEST_KUBECONFIG");
const kubectlPath = setting("VK_TEST_KUBECTL");
const boundMs = 60_000;
const test = suite("client commands on a real API server");

const folder = await mkdtemp(join(tmpdir(), "vk-client-"));
const namespace = `vk-client-${process.pid}`, node = namespace;
const [command, programArgs] = runtimeCommand(join(root, "adapters/cli/main.ts"));
const env = { ...process.env, KUBECONFIG: kubeconfig, NO_COLOR: "1" };

const kubectl = (...args: readonly string[]): Promise<string> =>
  mustRun(kubectlPath, ["-n", namespace, ...args], { env, signal: AbortSignal.timeout(boundMs) });

const vk = (...args: readonly string[]): Promise<Finished> =>
  runCommand(command, [...programArgs, ...args], { cwd: root, env, signal: AbortSignal.timeout(boundMs) });

const said = async (...args: readonly string[]): Promise<string> => {
  const ended = await vk(...args);
  assert.is(ended.code, 0, ended.output);
  return ended.stdout;
};

/** One that goes on until it is ended. */
const follow = (...args: readonly string[]): Program => {
  const runtime = { name: "this", command, args: programArgs.slice(0, -1) };
  return startProgram(runtime, "adapters/cli/main.ts", args, { KUBECONFIG: kubeconfig });
};

const fed = (text: string, ...args: readonly string[]): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, [...programArgs, ...args], {
      cwd: root,
      env,
      stdio: ["pipe", "ignore", "inherit"],
    });
    child.on("error", reject);
    child.on("close", resolve);
    child.stdin.end(text);
  });

const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

const script = "echo one; echo two >&2; trap 'exit 0' TERM; while :; do sleep 0.2; done";
const podText = (name: string, more: object = {}): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: name } },
    spec: {
      nodeSelector: { "kubernetes.io/hostname": node },
      tolerations: [{ operator: "Exists" }],
      terminationGracePeriodSeconds: 5,
      containers: [{ name: "main", image: "none", command: ["sh", "-c", script] }],
      ...more,
    },
  });

/** As people compare tables: the ages run on. */
const settled = (table: string): string => table.replace(/\b(\d+[dhms])+\b/g, "9s").replace(/ +/g, " ");

const running: Program[] = [];

test.before(async () => {
  await kubectl("create", "namespace", namespace);
  await kubectl("wait", "--for=create", "serviceaccount/default", "--timeout=60s");
  const flags = ["--node", node, "--provider", "process", "--port", "0", "--root", join(folder, "root")];
  const agent = follow("run", ...flags, "--drain-on-stop");
  running.push(agent);
  await agent.said(`node ${node} is ready`);
});

test.after(async () => {
  await kubectl("delete", "namespace", namespace, "--wait=false");
  for (const program of running.reverse()) program.signal("SIGTERM");
  await Promise.all(running.map((program) => program.ended()));
  await kubectl("delete", "node", node, "--ignore-not-found");
  await rm(folder, { recursive: true, force: true });
});

test("apply creates, changes, and says which; from a file and from standard input", async () => {
  const path = await file("web.json", podText("web"));
  assert.is(await said("apply", "-n", namespace, "-f", path), "pod/web created\n");
  assert.is(await said("apply", "-n", namespace, "-f", path), "pod/web applied\n");
  const maps = ["a", "b"].map((name) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata: {x: "1"}\n`
  );
  assert.is(await fed(maps.join("---\n"), "apply", "-n", namespace, "-f", "-"), 0);
  assert.is(await kubectl("get", "configmaps", "a", "b", "-o", "jsonpath={.items[*].data.x}"), "1 1");
  assert.match(
    await kubectl("get", "configmap", "a", "-o", "yaml", "--show-managed-fields"),
    /manager: vk\n/,
  );
});

test("what another has set is not taken over unless that is wanted", async () => {
  await kubectl("patch", "configmap", "a", "-p", `{"data":{"x":"theirs"}}`);
  const path = await file(
    "a.yaml",
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: ours}\n`,
  );
  const refused = await vk("apply", "-n", namespace, "-f", path);
  assert.is(refused.code, 1);
  assert.match(refused.output, /^vk: Apply failed with 1 conflict: conflict with "kubectl-patch"/);
  assert.is(await said("apply", "-n", namespace, "-f", path, "--force-conflicts"), "configmap/a applied\n");
  assert.is(await kubectl("get", "configmap", "a", "-o", "jsonpath={.data.x}"), "ours");
});

test("get shows what kubectl shows: names, short names, kinds, all columns, all namespaces, selectors", async () => {
  await kubectl("wait", "--for=condition=Ready", "pod/web", "--timeout=60s");
  const rows: readonly (readonly string[])[] = [
    ["get", "pods"],
    ["get", "po", "web"],
    ["get", "Pod", "-o", "wide"],
    ["get", "nodes", node],
    ["get", "node", "-o", "wide"],
    ["get", "configmaps", "a", "b"],
    ["get", "pods", "-l", "app=web"],
    ["get", "pods", "--field-selector", `spec.nodeName=${node}`],
    ["get", "namespaces", "-o", "name"],
    ["get", "pods", "-o", "name"],
    ["get", "leases.coordination.k8s.io", "-n", "kube-node-lease", node],
    ["get", "configmaps", "-A"],
  ];
  for (const row of rows) {
    const args = row.includes("-n") || row.includes("-A") ? row : [...row, "-n", namespace];
    const theirs = await mustRun(kubectlPath, args, { env });
    assert.is(settled(await said(...args)), settled(theirs), row.join(" "));
  }
});

test("get gives objects as YAML and JSON", async () => {
  const json = JSON.parse(await said("get", "pod/web", "-n", namespace, "-o", "json"));
  assert.equal(json, JSON.parse(await kubectl("get", "pod", "web", "-o", "json")));
  assert.equal(parse(await said("get", "pod", "web", "-n", namespace, "-o", "yaml")), json);
  const list = JSON.parse(await said("get", "cm", "-n", namespace, "-o", "json"));
  assert.is(list.kind, "List");
  assert.equal(list.items.map((item: any) => [item.kind, item.metadata.name]), [
    ["ConfigMap", "a"],
    ["ConfigMap", "b"],
    ["ConfigMap", "kube-root-ca.crt"],
  ]);
});

test("what is not there, and what nobody knows, is told with exit code 1", async () => {
  const rows: readonly (readonly [readonly string[], RegExp])[] = [
    [["get", "pod", "nothing"], /^vk: pods "nothing" not found\n$/],
    [["get", "unicorns"], /^vk: the API server has no "unicorns"; pods, nodes and events are such kinds\n$/],
    [["get", "pods,nodes"], /^vk: pods,nodes: ask for one kind at a time\n$/],
    [["delete", "pod", "nothing"], /^vk: there is no pod\/nothing to delete\n$/],
    [["logs", "nothing"], /^vk: pods "nothing" not found\n$/],
    [["apply", "-f", "no/such/file"], /^vk: no\/such\/file: there is no such file\n$/],
  ];
  for (const [args, wanted] of rows) {
    const ended = await vk(...args, "-n", namespace);
    assert.is(ended.code, 1, args.join(" "));
    assert.match(ended.output, wanted);
  }
  const none = await vk("get", "secrets", "-n", namespace);
  assert.is(none.code, 0);
  assert.is(none.output, `No resources found in ${namespace} namespace.\n`);
  const invalid = await file("invalid.yaml", podText("UPPER"));
  assert.match(
    (await vk("apply", "-n", namespace, "-f", invalid)).output,
    /^vk: Pod "UPPER" is invalid: metadata\.name:/,
  );
  const unknown = await file(
    "unknown.yaml",
    `{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, dta: {}}`,
  );
  assert.match(
    (await vk("apply", "-n", namespace, "-f", unknown)).output,
    /^vk: .*dta: field not declared in schema/,
  );
  const elsewhere = await file(
    "elsewhere.yaml",
    `{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: other}}`,
  );
  assert.match(
    (await vk("apply", "-n", namespace, "-f", elsewhere)).output,
    /is of namespace other, and --namespace says/,
  );
});

test("logs, whole and in part, and as they are written", async () => {
  const log = (...args: readonly string[]): Promise<string> => said("logs", "web", "-n", namespace, ...args);
  assert.is(await log(), "one\ntwo\n");
  assert.is(await log("--tail", "1", "-c", "main"), "two\n");
  assert.is(await said("logs", "pod/web", "-n", namespace, "--since", "1h"), "one\ntwo\n");
  assert.match(await log("--timestamps"), /^\d{4}-\d\d-\d\dT\S+Z one\n\S+Z two\n$/);
  const previous = await vk("logs", "web", "-n", namespace, "--previous");
  assert.is(previous.code, 1);
  assert.match(previous.output, /^vk: .*previous/);
  const followed = follow("logs", "web", "-n", namespace, "-f");
  await followed.said("two");
  await said("delete", "pod", "web", "-n", namespace);
  assert.is(await followed.ended(), 0, "it ends with its container");
});

test("get --watch goes on with every change", async () => {
  const path = await file("watched.json", podText("watched"));
  // of an empty list nothing is printed, and there would be no telling when the watch has begun
  await said("apply", "-n", namespace, "-f", await file("steady.json", podText("steady")));
  await kubectl("wait", "--for=condition=Ready", "pod/steady", "--timeout=60s");
  const table = follow("get", "pods", "-n", namespace, "-w");
  const documents = follow("get", "pods", "-n", namespace, "-w", "-o", "yaml");
  running.push(table, documents);
  await table.said("NAME");
  await documents.said("kind: List");
  await said("apply", "-n", namespace, "-f", path);
  await table.said(/^watched +0\/1 +Pending +0 +\d+s\n(watched.*\n)*watched +1\/1 +Running/m);
  await documents.said(/---\napiVersion: v1\nkind: Pod\n[^]*phase: Running/);
  await said("delete", "-f", path, "-n", namespace);
  await table.said(/^watched +0\/1 +(Terminating|Completed)/m);
  const seen = parseAllDocuments(documents.output());
  assert.ok(seen.length >= 2);
  await said("delete", "pod", "steady", "-n", namespace);
});

test("delete waits until the object is gone, or not, and not for ever", async () => {
  const ignoring = "trap '' TERM; while :; do sleep 0.2; done";
  const stubborn = (name: string): string =>
    podText(name, {
      terminationGracePeriodSeconds: 3600,
      containers: [{ name: "main", image: "none", command: ["sh", "-c", ignoring] }],
    });
  await said("apply", "-n", namespace, "-f", await file("stubborn.json", stubborn("stubborn")));
  await kubectl("wait", "--for=condition=Ready", "pod/stubborn", "--timeout=60s");
  assert.is(await said("delete", "pod", "stubborn", "-n", namespace, "--no-wait"), "pod/stubborn deleted\n");
  assert.match(await kubectl("get", "pod", "stubborn"), /Terminating/);
  const late = await vk("delete", "pod/stubborn", "-n", namespace, "--timeout", "1s");
  assert.is(late.code, 1);
  assert.match(late.output, /^pod\/stubborn deleted\nvk: pod\/stubborn is still there after 1s; /);
  assert.is(
    await said("delete", "pod", "stubborn", "-n", namespace, "--grace-period", "1"),
    "pod/stubborn deleted\n",
  );
  assert.is(await kubectl("get", "pod", "stubborn", "--ignore-not-found"), "");
  await said("apply", "-n", namespace, "-f", await file("forced.json", stubborn("forced")));
  assert.is(
    await said("delete", "pod", "forced", "-n", namespace, "--force"),
    "pod/forced deleted by force\n",
  );
  assert.is((await vk("delete", "pod", "forced", "-n", namespace, "--ignore-not-found")).output, "");
});

test("long output goes through a pipe whole, and one that is closed early is no failure", async () => {
  const big = "x".repeat(200_000);
  for (const name of ["big-1", "big-2", "big-3"]) {
    const text = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { big } });
    await said("apply", "-n", namespace, "-f", await file(`${name}.json`, text));
  }
  const list = JSON.parse(await said("get", "cm", "-n", namespace, "-o", "json"));
  assert.is(list.items.filter((item: any) => item.data.big === big).length, 3);
  const line = [command, ...programArgs, "get", "cm", "-n", namespace, "-o", "yaml"].map((word) =>
    `'${word}'`
  ).join(" ");
  const cut = await runCommand("bash", ["-c", `${line} | head -n 1; echo "\${PIPESTATUS[0]}"`], {
    cwd: root,
    env,
  });
  assert.is(cut.output, "apiVersion: v1\n0\n");
});

test("credentials that are not accepted, and a server that is not there", async () => {
  const changed = async (name: string, change: (config: any) => void): Promise<string> => {
    const config = parse(await readFile(kubeconfig, "utf8"));
    change(config);
    return await file(name, stringify(config));
  };
  const refused = await changed("refused", (config) => {
    for (const entry of config.users) entry.user = { token: "nobody-knows-this" };
  });
  const ended = await vk("get", "pods", "--kubeconfig", refused);
  assert.is(ended.code, 1);
  assert.match(ended.output, /^vk: the API server does not accept these credentials; /);
  assert.not.match(ended.output, "nobody-knows-this");
  const nowhere = await changed("nowhere", (config) => {
    for (const { cluster } of config.clusters) cluster.server = "https://127.0.0.1:65531";
  });
  const lost = await vk("get", "pods", "--kubeconfig", nowhere);
  assert.is(lost.code, 1);
  assert.match(lost.output, /^vk: .*refused/i);
});

test.run();
