// The demo as a person starts it, in a pipe and in a terminal, on a machine whose home is empty. Needs no control plane.
import { createServer } from "node:http";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type DemoWorld, kubeconfigIn, openDemoWorld } from "../tools/demo.ts";
import { testUnless } from "../tools/skip.ts";
import { noTerminal } from "../tools/terminal.ts";
import { until } from "../tools/until.ts";

const test = suite("the demo");

const notLinux = process.platform === "linux" ? undefined : "processes as pods need Linux";

/** Gives a test a world, and afterwards fails unless nothing is left of the demo. */
const inWorld =
  (body: (world: DemoWorld) => Promise<void>, kept: readonly string[] = []) => async (): Promise<void> => {
    const world = openDemoWorld();
    try {
      await body(world);
      const left = world.left().filter((each) => !kept.some((name) => each.includes(name)));
      assert.equal(left.map((each) => each.replace(world.folder, "")), []);
    } finally {
      world.close();
    }
  };

const bothRun = (text: string): boolean =>
  /pod web: Running 1\/1/.test(text) && /pod count: Completed/.test(text);

const webUrl = (text: string): string => {
  const found = /serves (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
  if (found === undefined) throw new Error(`there is no address of the web pod:\n${text}`);
  return found;
};

const fetchText = async (url: string): Promise<string> =>
  await (await fetch(url, { signal: AbortSignal.timeout(20_000) })).text();

testUnless(
  notLinux,
  test,
  "in a pipe it says what happens, and how to look at it; the pods are real",
  inWorld(async (world) => {
    const demo = world.piped([]);
    const text = await demo.said(/log web: serving/).then(() => demo.said(/pod count: Completed 0\/1/));
    assert.ok(bothRun(text), text);
    // deno-lint-ignore no-control-regex
    assert.not.match(text, /\x1b/);
    assert.match(await fetchText(`${webUrl(text)}/some/path`), /^Hello from pod web, request 1\n$/);
    await demo.said("log web: GET /some/path");
    const kubeconfig = kubeconfigIn(text);
    assert.is(statSync(kubeconfig).mode & 0o777, 0o600, "only its owner may read the credentials");
    const listed = await world.vk(kubeconfig, "get", "pods");
    assert.match(
      listed.stdout,
      /^NAME +READY +STATUS +RESTARTS.* +AGE\ncount +0\/1 +Completed +0 +\d+s\nweb +1\/1 +Running /,
    );
    assert.match((await world.vk(kubeconfig, "logs", "count")).stdout, /^step 1 of 3\n[^]*done\n$/);
    const deleted = await world.vk(kubeconfig, "delete", "pod", "web");
    assert.is(deleted.code, 0, deleted.output);
    await demo.said("pod web: gone");
    demo.signal("SIGINT");
    assert.is(await demo.ended(), 0);
    assert.match(demo.output(), /All has stopped, nothing is left\.\n$/);
  }),
);

for (const signal of ["SIGTERM", "SIGHUP"] as const) {
  testUnless(
    notLinux,
    test,
    `${signal} ends it as Ctrl-C does, at any time`,
    inWorld(async (world) => {
      const early = world.piped([]);
      await early.said("Ctrl-C ends it all");
      early.signal(signal);
      assert.is(await early.ended(), 0);
      const late = world.piped([]);
      await late.said("pod web: Running");
      late.signal(signal);
      assert.is(await late.ended(), 0);
    }),
  );
}

testUnless(
  notLinux,
  test,
  "it ends with the task runner that has started it",
  inWorld(async (world) => {
    const demo = world.byTaskRunner([]);
    await demo.said("pod web: Running");
    demo.signal("SIGKILL");
    await until("nothing is left", () => world.left().length === 0);
  }),
);

testUnless(
  notLinux,
  test,
  "processes that do not heed SIGTERM are ended too",
  inWorld(async (world) => {
    const demo = world.piped([]);
    await demo.said("pod web: Running");
    const file = join(world.folder, "stubborn.yaml");
    const script = "trap '' TERM; echo stubborn; while :; do sleep 1; done";
    const spec = { containers: [{ name: "main", image: "none", command: ["sh", "-c", script] }] };
    writeFileSync(
      file,
      JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "stubborn" }, spec }),
    );
    const applied = await world.vk(kubeconfigIn(demo.output()), "apply", "-f", file);
    assert.is(applied.stdout, "pod/stubborn created\n", applied.output);
    await demo.said("log stubborn: stubborn");
    demo.signal("SIGINT");
    assert.is(await demo.ended(), 0);
  }),
);

testUnless(
  notLinux,
  test,
  "what processes cannot do, and commands that do not exist, are told where a person looks",
  inWorld(async (world) => {
    const demo = world.piped([]);
    await demo.said("pod web: Running");
    const pod = (name: string, container: object, spec: object = {}): object => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name },
      spec: { ...spec, containers: [{ name: "main", image: "nginx", ...container }] },
    });
    const items = [
      pod("only-an-image", {}),
      pod("no-such-command", { command: ["no-such-program"] }, { restartPolicy: "Never" }),
      pod("with-a-volume", { command: ["sleep", "1"], volumeMounts: [{ name: "v", mountPath: "/v" }] }, {
        volumes: [{ name: "v", nfs: { server: "nfs.example", path: "/" } }],
      }),
    ];
    const file = join(world.folder, "pods.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    const applied = await world.vk(kubeconfigIn(demo.output()), "apply", "-f", file);
    assert.is(applied.code, 0, applied.output);
    await demo.said(
      /event pod\/only-an-image \w+: .*a process has no image to take its command from: set the command/,
    );
    await demo.said(/event pod\/with-a-volume \w+: .*volume "v" cannot be mounted/);
    await demo.said(
      /pod no-such-command: StartError 0\/1 \(there is no such executable file on this machine\)/,
    );
    demo.signal("SIGINT");
    assert.is(await demo.ended(), 0);
  }),
);

testUnless(
  notLinux,
  test,
  "with --once it ends by itself when all has run",
  inWorld(async (world) => {
    const demo = world.piped(["--once"]);
    assert.is(await demo.ended(), 0, demo.output());
    assert.ok(bothRun(demo.output()), demo.output());
  }),
);

test(
  "simulated nodes",
  inWorld(async (world) => {
    const demo = world.piped(["--provider", "memory", "--nodes", "3", "--once"]);
    assert.is(await demo.ended(), 0, demo.output());
    for (const name of ["virtual-1", "virtual-2", "virtual-3"]) {
      assert.match(demo.output(), `node ${name}: Ready`);
    }
    assert.match(demo.output(), /pod count-3: Completed 0\/1, restarts: 1/);
    assert.match(demo.output(), "The pods are simulated: nothing is executed.");
  }),
);

testUnless(
  notLinux,
  test,
  "with --keep a second start finds what the first has left",
  inWorld(async (world) => {
    const first = world.piped(["--keep"]);
    await first.said("pod web: Running").then(() => first.said("pod count: Completed"));
    const kubeconfig = kubeconfigIn(first.output());
    const second = world.piped(["--keep"]);
    assert.is(await second.ended(), 2);
    assert.match(second.output(), /--keep: another demo \(process \d+\) works on .*; end it first/);
    const file = join(world.folder, "own.json");
    writeFileSync(
      file,
      JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "own" }, data: { a: "b" } }),
    );
    assert.is((await world.vk(kubeconfig, "apply", "-f", file)).code, 0);
    first.signal("SIGINT");
    assert.is(await first.ended(), 0);
    assert.match(first.output(), /is kept for the next start with --keep\.\n$/);
    assert.equal(world.left().filter((each) => each.includes("process")), [], "no process is kept");
    const third = world.piped(["--keep"]);
    await third.said(/pod web: Running 1\/1, restarts: 1/);
    assert.is(kubeconfigIn(third.output()), kubeconfig);
    assert.match(third.output(), "pod count: Completed 0/1");
    assert.match((await world.vk(kubeconfig, "get", "cm", "own", "-o", "yaml")).stdout, /^data:\n {2}a: b$/m);
    assert.match(await fetchText(webUrl(third.output())), /Hello from pod web/);
    third.signal("SIGINT");
    assert.is(await third.ended(), 0);
  }, ["virtual-kubelet", "/.local", "/var/lib"]),
);

const busy = (): Promise<{ readonly port: number; readonly close: () => void }> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve({
        port: typeof address === "object" ? address?.port ?? 0 : 0,
        close: () => void server.close(),
      });
    });
  });

test(
  "what a newcomer meets is answered",
  inWorld(async (world) => {
    const { port, close } = await busy();
    const rows: readonly (readonly [readonly string[], Readonly<Record<string, string>>, RegExp])[] = [
      [
        ["--port", `${port}`],
        {},
        /^vk: --port: port \d+ of 127\.0\.0\.1 is taken by another program; give another one/,
      ],
      [["--web-port", `${port}`], {}, /^vk: --web-port: port \d+ of 127\.0\.0\.1 is taken/],
      [
        [],
        { TMPDIR: join(world.folder, "none") },
        /^vk: the temporary folder .* cannot be written \(ENOENT\); set TMPDIR/,
      ],
    ];
    for (const [args, env, wanted] of rows) {
      const demo = world.piped(["--provider", "memory", ...args], env);
      assert.is(await demo.ended(), 2, demo.output());
      assert.match(demo.output(), wanted);
      assert.match(demo.output(), /\nTry: vk demo --help\n$/);
    }
    close();
  }),
);

testUnless(
  notLinux ?? noTerminal,
  test,
  "in a terminal it is one screen, drawn in place; keys choose a pod and end it",
  inWorld(async (world) => {
    const terminal = world.inTerminal([]);
    const screen = await terminal.until(
      "both pods have run",
      (text) =>
        /count +0\/1 +Completed/.test(text) && /› web +1\/1 +Running/.test(text) && /^serving/m.test(text),
    );
    assert.match(screen, /^Virtual Kubelet +API server https:\/\/127\.0\.0\.1:\d+\n/);
    assert.match(screen, /^virtual-1 +Ready +2\/110/m);
    assert.is(screen.split("\n").length, 23, screen);
    await fetchText(`${webUrl(screen)}/hello`);
    await terminal.until("the request is in the log", (text) => text.includes("GET /hello"));
    terminal.type("\x1b[A");
    await terminal.until(
      "another pod's log",
      (text) => /› count/.test(text) && /LOG of count\n[^]*done/.test(text),
    );
    terminal.type("q");
    assert.is(await terminal.ended(), 0);
    assert.match(terminal.screen(), /\nAll has stopped, nothing is left\.$/);
    assert.is(terminal.screen().match(/Virtual Kubelet/g)?.length, 1, "it is drawn in place");
  }),
);

testUnless(
  notLinux ?? noTerminal,
  test,
  "Ctrl-C and a terminal that goes away end it all",
  inWorld(async (world) => {
    const first = world.inTerminal([], { columns: 100, rows: 40 });
    await first.until("the web pod runs", (text) => /web +1\/1 +Running/.test(text));
    first.type("\x03");
    assert.is(await first.ended(), 0);
    const second = world.inTerminal([], { columns: 30, rows: 10 });
    await second.until("it is too small", (text) => text.includes("This terminal is 30x10"));
    second.hangUp();
    await second.ended();
    await until("nothing is left", () => world.left().length === 0);
  }),
);

test.run();
