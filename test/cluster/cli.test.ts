// The program as a child process, on Deno and on Node, in front of a real API server, driven with kubectl.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parse, stringify } from "yaml";
import { type Finished, mustRun, runCommand } from "../tools/child.ts";
import { nodeBinary, noNode } from "../tools/node_versions.ts";
import { type Program, type Runtime, startProgram } from "../tools/program.ts";
import { testUnless } from "../tools/skip.ts";
import { clusterSetting } from "../tools/setting.ts";

const setting = (name: string): string => clusterSetting(name, "cluster/cli");

const kubeconfig = setting("VK_TEST_KUBECONFIG");
const kubectlPath = setting("VK_TEST_KUBECTL");
const { VK_TEST_CONTROLPLANE: scripts, VK_TEST_CONTROLPLANE_DIR: instance } = process.env;

const program = "adapters/cli/main.ts";
const boundMs = 60_000;
const test = suite("the program on a real API server");

const onDeno = process.versions.deno !== undefined;
const nodeArgs = ["--disable-warning=ExperimentalWarning"];
const here: Runtime = onDeno
  ? { name: "Deno", command: process.execPath, args: ["run", "-q", "-A"] }
  : { name: "Node", command: process.execPath, args: nodeArgs };
const runtimes: readonly Runtime[] = onDeno && noNode === undefined
  ? [here, { name: "Node", command: await nodeBinary(24), args: nodeArgs }]
  : [here];

const folder = await mkdtemp(join(tmpdir(), "vk-cli-"));
const running = new Set<Program>();
const names: string[] = [];
let count = 0;
const newName = (): string => {
  const name = `vk-cli-${process.pid}-${count++}`;
  names.push(name);
  return name;
};

const tryKubectl = (...args: readonly string[]): Promise<Finished> =>
  runCommand(kubectlPath, ["--kubeconfig", kubeconfig, ...args], { signal: AbortSignal.timeout(boundMs) });

const kubectl = (...args: readonly string[]): Promise<string> =>
  mustRun(kubectlPath, ["--kubeconfig", kubeconfig, ...args], { signal: AbortSignal.timeout(boundMs) });

const start = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  runtime: Runtime = here,
  file: string = program,
): Program => {
  const started = startProgram(runtime, file, args, env);
  running.add(started);
  return started;
};

/** Stops it and expects that it says that all was well. */
const stop = async (started: Program): Promise<void> => {
  started.signal("SIGTERM");
  const code = await started.ended();
  running.delete(started);
  assert.is(code, 0, started.output());
};

test.after.each(async () => {
  for (const left of running) left.signal("SIGKILL");
  running.clear();
  for (const name of names) {
    await tryKubectl(
      "delete",
      `pod/${name}`,
      `node/${name}`,
      "--ignore-not-found",
      "--force",
      "--grace-period=0",
    );
  }
});
test.after(() => rm(folder, { recursive: true, force: true }));

const waitForAccount = async (): Promise<void> => {
  await kubectl("wait", "--for=create", "serviceaccount/default", "--timeout=60s");
};

interface PodOptions {
  readonly script?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly graceSeconds?: number;
}

/** Gives a pod of the node's name to the scheduler, and waits until it runs. */
const runPod = async (
  name: string,
  { script, annotations, graceSeconds = 2 }: PodOptions = {},
): Promise<void> => {
  await waitForAccount();
  const path = join(folder, `${name}.json`);
  const container = {
    name: "main",
    image: "none",
    ...script === undefined ? {} : { command: ["sh", "-c", script] },
  };
  await writeFile(
    path,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, annotations },
      spec: {
        nodeSelector: { "kubernetes.io/hostname": name },
        tolerations: [{ operator: "Exists" }],
        terminationGracePeriodSeconds: graceSeconds,
        containers: [container],
      },
    }),
  );
  await kubectl("apply", "-f", path);
  await kubectl("wait", "--for=jsonpath={.status.phase}=Running", `pod/${name}`, "--timeout=60s");
};

const field = (what: string, path: string): Promise<string> =>
  kubectl("get", what, "-o", `jsonpath={${path}}`);

const isReady = '.status.conditions[?(@.type=="Ready")].status';

for (const runtime of runtimes) {
  for (const provider of ["memory", "process"] as const) {
    test(`${runtime.name}: a node with --provider ${provider} joins, runs a pod, shows its log, and leaves`, async () => {
      const name = newName();
      const flags = ["--kubeconfig", kubeconfig, "--node", name, "--provider", provider, "--port", "0"];
      const started = start(["run", ...flags, "--root", join(folder, "root")], {}, runtime);
      await started.said(`node ${name} is ready`);
      assert.is(await field(`node/${name}`, isReady), "True");
      assert.is(await field(`node/${name}`, ".spec.taints[0].value"), provider);
      await runPod(name, {
        script: "echo hello from $HOSTNAME; exec sleep 1000",
        annotations: { "memory.virtual-kubelet.io/log": `hello from ${name}\n` },
      });
      assert.match(await kubectl("get", `pod/${name}`, "--no-headers"), /\s1\/1\s+Running\s/);
      const log = await kubectl("logs", name);
      assert.is(log, `hello from ${name}\n`);
      await kubectl("delete", `pod/${name}`, "--timeout=60s");
      await stop(started);
      assert.is(await field(`node/${name}`, isReady), "True", "the node is left as it is");
    });
  }
}

test("settings by variables and a file, and a log of JSON objects", async () => {
  const name = newName();
  const config = join(folder, "vk.yaml");
  const lines = [
    "provider: memory",
    "logFormat: json",
    "label: {team: blue}",
    "capacity: {cpu: 3}",
    "kubelet: false",
  ];
  await writeFile(config, lines.join("\n"));
  const started = start(["run", "--config", config], { VK_NODE: name, KUBECONFIG: kubeconfig });
  await started.said(`"msg":"node ${name} is ready"`);
  assert.is(await field(`node/${name}`, ".metadata.labels.team"), "blue");
  assert.is(await field(`node/${name}`, ".status.capacity.cpu"), "3");
  await stop(started);
  for (const line of started.output().trim().split("\n")) {
    const { time, level, msg } = JSON.parse(line);
    assert.equal([time, level, msg].map((value) => typeof value), ["string", "string", "string"]);
  }
});

test("drain on stop: the pods end first, and the node says that it is not ready", async () => {
  const name = newName();
  const flags = ["--kubeconfig", kubeconfig, "--node", name, "--provider", "memory", "--no-kubelet"];
  const started = start(["run", ...flags, "--drain-on-stop"]);
  await started.said(`node ${name} is ready`);
  await runPod(name);
  await stop(started);
  assert.is((await tryKubectl("get", `pod/${name}`)).code, 1);
  assert.is(await field(`node/${name}`, isReady), "False");
});

test("a second signal does not wait for the drain", async () => {
  const name = newName();
  const flags = ["--kubeconfig", kubeconfig, "--node", name, "--provider", "memory", "--no-kubelet"];
  const started = start(["run", ...flags, "--drain-on-stop"]);
  await started.said(`node ${name} is ready`);
  await runPod(name, { graceSeconds: 600, annotations: { "memory.virtual-kubelet.io/stop-seconds": "600" } });
  started.signal("SIGINT");
  await started.said("the node's pods are being deleted");
  started.signal("SIGTERM");
  assert.is(await started.ended(), 1);
  assert.match(started.output(), "stopping at once");
});

/** The admin's kubeconfig with changes. */
const changedKubeconfig = async (file: string, change: (config: any) => void): Promise<string> => {
  const config = parse(await readFile(kubeconfig, "utf8"));
  change(config);
  const path = join(folder, file);
  await writeFile(path, stringify(config), { mode: 0o600 });
  return path;
};

test("an API server that cannot be reached is tried again, until a stop", async () => {
  const config = await changedKubeconfig("nowhere", (config) => {
    for (const { cluster } of config.clusters) cluster.server = "https://127.0.0.1:1";
  });
  for (const runtime of runtimes) {
    const started = start(
      ["run", "--kubeconfig", config, "--node", "a", "--provider", "memory"],
      {},
      runtime,
    );
    await started.said(
      /(the API server cannot be reached; trying again server=https:\/\/127\.0\.0\.1:1[^]*){2}/,
    );
    await stop(started);
  }
});

test("credentials that are not accepted are told as such", async () => {
  const config = await changedKubeconfig("refused", (config) => {
    for (const entry of config.users) entry.user = { token: "nobody-knows-this-token" };
  });
  const started = start(["run", "--kubeconfig", config, "--node", "a", "--provider", "memory"]);
  await started.said("the API server does not accept our credentials");
  await stop(started);
  assert.not.match(started.output(), "nobody-knows-this-token");
});

const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["an unknown flag", ["run", "--frobnicate"], /unknown option '--frobnicate'/],
  [
    "a wrong value",
    ["run", "--node", "a", "--provider", "memory", "--port", "x"],
    /vk: --port: "x" is wrong/,
  ],
  [
    "no kubeconfig",
    ["run", "--node", "a", "--provider", "memory", "--kubeconfig", "no/file"],
    /vk: kubeconfig no\/file: not found/,
  ],
  [
    "no context",
    ["run", "--node", "a", "--provider", "memory", "--kubeconfig", kubeconfig, "--context", "x"],
    /vk: .*context/,
  ],
];

for (const [name, args, text] of wrong) {
  test(`${name}: exit code 2 on each runtime`, async () => {
    for (const runtime of runtimes) {
      const started = start(args, {}, runtime);
      assert.is(await started.ended(), 2);
      assert.match(started.output(), text);
    }
  });
}

test("a state folder that cannot be used: exit code 2", async () => {
  const flags = ["--kubeconfig", kubeconfig, "--node", "a", "--provider", "process", "--root", kubeconfig];
  const started = start(["run", ...flags]);
  assert.is(await started.ended(), 2);
  assert.match(started.output(), /vk: --root: .* cannot be used/);
});

test("the example of a provider of one's own is a whole program", async () => {
  const name = newName();
  const flags = ["--kubeconfig", kubeconfig, "--node", name, "--port", "0"];
  const started = start(["run", ...flags], {}, here, "test/examples/own_provider.ts");
  await started.said(`node ${name} is ready`);
  assert.is(await field(`node/${name}`, ".spec.taints[0].value"), "own");
  await runPod(name);
  assert.match((await tryKubectl("logs", name)).output, /not supported/);
  await kubectl("delete", `pod/${name}`, "--timeout=60s");
  await stop(started);
});

const noIdentity = scripts === undefined || instance === undefined
  ? "VK_TEST_CONTROLPLANE and VK_TEST_CONTROLPLANE_DIR do not name a control plane that gives node identities"
  : undefined;

testUnless(
  noIdentity,
  test,
  "under a node's own identity it joins, runs a pod and shows its log",
  async () => {
    const name = newName();
    const identity = (await mustRun(join(scripts ?? "", "node-kubeconfig"), [instance ?? "", name])).trim();
    const flags = ["--kubeconfig", identity, "--node", name, "--provider", "process", "--port", "0"];
    const started = start(["run", ...flags, "--root", join(folder, "identity")]);
    await started.said(`node ${name} is ready`);
    await runPod(name, { script: "echo mine; exec sleep 1000" });
    assert.is(await kubectl("logs", name), "mine\n");
    await kubectl("delete", `pod/${name}`, "--timeout=60s");
    await stop(started);
  },
);

test.run();
