// exec, attach, cp and port-forward with the real kubectl, through a real API server, to the program on Deno and on Node.
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { spawn } from "@lydell/node-pty";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Finished, mustRun, runCommand } from "../tools/child.ts";
import { nodeBinary, noNode } from "../tools/node_versions.ts";
import { processesNaming } from "../tools/processes.ts";
import { type Program, type Runtime, startProgram } from "../tools/program.ts";
import { clusterSetting } from "../tools/setting.ts";
import { until } from "../unit/kubelet/client.ts";

const setting = (name: string): string => clusterSetting(name, "cluster/streams");
const kubeconfig = setting("VK_TEST_KUBECONFIG");
const kubectlPath = setting("VK_TEST_KUBECTL");

const test = suite("streams of the program on a real API server");

const nodeArgs = ["--disable-warning=ExperimentalWarning"];
const onDeno = process.versions.deno !== undefined;
const here: Runtime = onDeno
  ? { name: "Deno", command: process.execPath, args: ["run", "-q", "-A"] }
  : { name: "Node", command: process.execPath, args: nodeArgs };
const runtimes: readonly Runtime[] = onDeno && noNode === undefined
  ? [here, { name: "Node", command: await nodeBinary(24), args: nodeArgs }]
  : [here];

const folder = await mkdtemp(join(tmpdir(), "vk-streams-"));
const large = join(folder, "large");
await writeFile(large, randomBytes(100_000_000));

const sha256 = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const hash = createHash("sha256");
    createReadStream(path).on("data", (chunk) => hash.update(chunk)).on("error", reject)
      .on("end", () => resolve(hash.digest("hex")));
  });
const digest = await sha256(large);

/** How kubectl speaks, and whether the node asks for WebSockets. */
interface Way {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
}

const speaking = (isSocket: boolean): Readonly<Record<string, string>> => ({
  KUBECTL_REMOTE_COMMAND_WEBSOCKETS: `${isSocket}`,
  KUBECTL_PORT_FORWARD_WEBSOCKETS: `${isSocket}`,
});

const ways: readonly Way[] = [
  { name: "WebSocket, passed on", env: speaking(true), flags: [] },
  { name: "SPDY", env: speaking(false), flags: [] },
  { name: "WebSocket, translated", env: speaking(true), flags: ["--no-web-sockets"] },
];

const bounded = (): AbortSignal => AbortSignal.timeout(120_000);

/** A line of shell in which `$K` is kubectl. */
const sh = (line: string, env: Readonly<Record<string, string>> = {}): Promise<Finished> =>
  runCommand("sh", ["-c", line], {
    env: { K: `${kubectlPath} --kubeconfig ${kubeconfig}`, ...env },
    signal: bounded(),
  });

const kubectl = (...args: readonly string[]): Promise<string> =>
  mustRun(kubectlPath, ["--kubeconfig", kubeconfig, ...args], { signal: bounded() });

/** Serves files of its folder, and is asked by who attaches. */
const server = (portFile: string): string =>
  `import http.server, sys
s = http.server.ThreadingHTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)
open(${JSON.stringify(portFile)}, 'w').write(str(s.server_address[1]) + ' ')
s.serve_forever()`;

interface Running {
  readonly program: Program;
  readonly name: string;
  readonly port: number;
}

let count = 0;
const running = new Set<Running>();

const start = async (runtime: Runtime, flags: readonly string[]): Promise<Running> => {
  const name = `vk-streams-${process.pid}-${count++}`;
  const settings = ["--kubeconfig", kubeconfig, "--node", name, "--provider", "process", "--port", "0"];
  const args = ["run", ...settings, "--address", "127.0.0.1", "--root", join(folder, "root"), ...flags];
  const program = startProgram(runtime, "adapters/cli/main.ts", args);
  await program.said(`node ${name} is ready`);
  const portFile = join(folder, `${name}.port`);
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      nodeName: name,
      automountServiceAccountToken: false,
      tolerations: [{ operator: "Exists" }],
      terminationGracePeriodSeconds: 1,
      containers: [{ name: "main", image: "none", command: ["python3", "-u", "-c", server(portFile)] }],
    },
  };
  const path = join(folder, `${name}.json`);
  await writeFile(path, JSON.stringify(pod));
  await kubectl("wait", "--for=create", "serviceaccount/default", "--timeout=60s");
  await kubectl("apply", "-f", path);
  await kubectl("wait", "--for=condition=Ready", `pod/${name}`, "--timeout=60s");
  let told = "";
  await until(async () => {
    told = await readFile(portFile, "utf8").catch(() => "");
    return told.endsWith(" ");
  }, "the server of the pod");
  const started = { program, name, port: Number(told) };
  running.add(started);
  return started;
};

const stop = async (started: Running): Promise<void> => {
  running.delete(started);
  const { name, program } = started;
  await kubectl("delete", `pod/${name}`, "--force", "--grace-period=0", "--ignore-not-found");
  await until(() => processesNaming(`${name}.port`).length === 0, "the end of the pod's process");
  program.signal("SIGTERM");
  await program.ended();
  await kubectl("delete", `node/${name}`, "--ignore-not-found");
};

test.after(async () => {
  for (const each of running) await stop(each);
  await rm(folder, { recursive: true, force: true });
});

const ends: readonly (readonly [string, number, string])[] = [
  ["true", 0, ""],
  ["sh -c 'exit 7'", 7, "command terminated with exit code 7"],
  ["sh -c 'kill -9 $$'", 137, "command terminated with exit code 137"],
  ["no-such-program", 1, 'exec: "no-such-program": executable file not found in $PATH'],
];

const execs = async ({ name }: Running, env: Way["env"]): Promise<void> => {
  for (const [command, code, said] of ends) {
    const ended = await sh(`$K exec ${name} -- ${command}`, env);
    assert.is(ended.code, code, ended.output);
    assert.match(ended.output, said);
  }
  const both = await sh(`$K exec ${name} -- sh -c 'echo out; echo err >&2' 2>/dev/null`, env);
  assert.is(both.output, "out\n");
  const piped = await sh(`echo x | $K exec -i ${name} -- cat`, env);
  assert.equal([piped.code, piped.output], [0, "x\n"]);
};

const bytes = async ({ name }: Running, env: Way["env"]): Promise<void> => {
  const up = await sh(`$K exec -i ${name} -- sha256sum < ${large}`, env);
  assert.match(up.output, digest);
  const down = await sh(`$K exec ${name} -- cat ${large} | sha256sum`, env);
  assert.match(down.output, digest);
  const [there, back] = [join(folder, `${name}.there`), join(folder, `${name}.back`)];
  assert.is((await sh(`$K cp ${large} ${name}:${there}`, env)).code, 0);
  assert.is(await sha256(there), digest);
  assert.is((await sh(`$K cp ${name}:${there} ${back}`, env)).code, 0);
  assert.is(await sha256(back), digest);
  await rm(there);
  await rm(back);
};

const terminals = async ({ name }: Running, env: Way["env"]): Promise<void> => {
  const args = ["--kubeconfig", kubeconfig, "exec", "-it", name, "--", "sh"];
  const terminal = spawn(kubectlPath, args, { cols: 111, rows: 33, env: { ...process.env, ...env } });
  let seen = "";
  let code: number | undefined;
  terminal.onData((data) => void (seen += data));
  terminal.onExit(({ exitCode }) => void (code = exitCode));
  try {
    await until(() => /[#$] $/.test(seen), "a prompt");
    terminal.write("stty size\n");
    await until(() => seen.includes("33 111"), "the first size");
    terminal.resize(99, 44);
    await until(() => {
      if (!seen.endsWith("\n")) terminal.write("stty size\n");
      return seen.includes("44 99");
    }, "the second size");
    terminal.write("exit 5\n");
    await until(() => code !== undefined, "the end");
    assert.is(code, 5, seen);
  } finally {
    terminal.kill("SIGKILL");
  }
};

const attaches = async ({ name, port }: Running, env: Way["env"]): Promise<void> => {
  let seen = "";
  const left = new AbortController();
  const attached = runCommand(kubectlPath, ["--kubeconfig", kubeconfig, "attach", name], {
    env,
    signal: left.signal,
    onStdout: (stdout) => seen = stdout,
  });
  const marks: string[] = [];
  await until(async () => {
    marks.push(`mark-${marks.length}`);
    await sh(`curl -s http://127.0.0.1:${port}/${marks.at(-1)}`);
    return seen.includes("GET /mark-");
  }, "the output of the container");
  left.abort();
  await attached;
  assert.is(await kubectl("get", `pod/${name}`, "-o", "jsonpath={.status.phase}"), "Running");
};

const leaving = async ({ name }: Running, env: Way["env"]): Promise<void> => {
  const mark = join(folder, `${name}.mark`);
  const left = new AbortController();
  const kubectl = runCommand(kubectlPath, [
    "--kubeconfig",
    kubeconfig,
    "exec",
    name,
    "--",
    "tail",
    "-f",
    "/dev/null",
    mark,
  ], {
    env,
    signal: left.signal,
  });
  const isRunning = (): boolean =>
    processesNaming(mark).some((line) => / tail -f/.test(line) && !line.includes("kubectl"));
  await until(isRunning, "the command");
  left.abort();
  await kubectl;
  const since = performance.now();
  await until(() => !isRunning(), "the end of the command");
  assert.ok(performance.now() - since < 3_000);
};

const ask = (port: number, path: string, agent: Agent): Promise<string> =>
  new Promise((resolve, reject) => {
    const hash = createHash("sha256");
    get({ host: "127.0.0.1", port, path, agent, timeout: 60_000 }, (answer) => {
      answer.on("data", (chunk: Uint8Array) => hash.update(chunk));
      answer.on("end", () => resolve(hash.digest("hex")));
      answer.on("error", reject);
    }).on("error", reject);
  });

const forwards = async ({ name, port }: Running, env: Way["env"]): Promise<void> => {
  await sh(`$K exec ${name} -- sh -c 'head -c 1000000 ${large} > part'`, env);
  const part = createHash("sha256").update((await readFile(large)).subarray(0, 1_000_000)).digest("hex");
  let said = "";
  const left = new AbortController();
  const args = ["--kubeconfig", kubeconfig, "port-forward", `pod/${name}`, `:${port}`];
  const forwarding = runCommand(kubectlPath, args, {
    env,
    signal: left.signal,
    onStdout: (stdout) => said = stdout,
  });
  await until(() => /Forwarding from 127\.0\.0\.1:\d+/.test(said), "the port-forward");
  const local = Number(/127\.0\.0\.1:(\d+)/.exec(said)?.[1]);
  const agent = new Agent({ keepAlive: false });
  const stalled = get({ host: "127.0.0.1", port: local, path: "/large", agent }, (answer) => answer.pause());
  stalled.on("error", () => undefined);
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask(local, "/part", agent)));
  assert.equal(answers, Array(50).fill(part));
  stalled.destroy();
  left.abort();
  await forwarding;
};

const checks = { execs, bytes, terminals, attaches, leaving, forwards };

for (const runtime of runtimes) {
  for (const { name: way, env, flags } of ways) {
    let started: Running | undefined;
    test(`${runtime.name}, ${way}: a node and a pod`, async () => {
      started = await start(runtime, flags);
    });
    for (const [what, check] of Object.entries(checks)) {
      test(`${runtime.name}, ${way}: ${what}`, async () => {
        if (started === undefined) throw new Error("there is no pod");
        await check(started, env);
      });
    }
    test(`${runtime.name}, ${way}: the end`, async () => {
      if (started !== undefined) await stop(started);
    });
  }
}

test.run();
