import { chmodSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isProviderError } from "../../../../adapters/provider_error.ts";
import { processRuntime } from "../../../../adapters/provider/process/runtime.ts";
import type { Container } from "../../../../core/kubernetes/container.ts";
import {
  bound,
  containerIn,
  endOf,
  intentOf,
  inWorld,
  logText,
  newUid,
  owner,
  processesNaming,
  refTo,
  runOf,
  shell,
  startEnd,
  until,
} from "../../../tools/processes.ts";

const test = suite("processes");

const rejected = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it did not reject");
};

const program = (path: string, text: string, mode: number): string => {
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};

test(
  "how a process ends is told as the kubelet tells it",
  inWorld(async ({ root, open }) => {
    const runtime = open();
    const noExec = program(join(root, "no-exec"), "#!/bin/sh\n", 0o644);
    const noShell = program(join(root, "no-interpreter"), `#!${root}/nothing\n`, 0o755);
    const cannot = "the file may not be executed";
    const missing = "there is no such executable file on this machine";
    const rows: readonly (readonly [Container, number, string?, string?])[] = [
      [shell("exit 0"), 0],
      [shell("exit 7"), 7],
      [shell("exit 255"), 255],
      [shell("kill -TERM $$$$"), 143],
      [shell("kill -KILL $$$$"), 137],
      [shell("kill -SEGV $$$$"), 139],
      [shell("", { command: ["true"] }), 0],
      [shell("", { command: ["no-such-program"] }), 128, "StartError", missing],
      [shell("", { command: [join(root, "no-such-file")] }), 128, "StartError", missing],
      [shell("", { command: [noExec] }), 126, "ContainerCannotRun", cannot],
      [shell("", { command: [root] }), 126, "ContainerCannotRun", cannot],
      [shell("", { command: [noShell] }), 127],
      [
        shell("exit 0", { workingDir: join(root, "nowhere") }),
        128,
        "StartError",
        "its working directory cannot be entered",
      ],
    ];
    const ends = await Promise.all(rows.map(([container]) => startEnd(runtime, runOf(newUid(), container))));
    for (const [at, [container, exitCode, reason, message]] of rows.entries()) {
      const end = ends[at];
      assert.equal(
        [end?.exitCode, end?.reason, end?.message],
        [exitCode, reason, message],
        `${container.command?.join(" ")}`,
      );
      assert.ok((end?.startedAt ?? 0) > Date.now() - 60_000);
      assert.ok((end?.finishedAt ?? 0) >= (end?.startedAt ?? Infinity));
    }
  }),
);

test(
  "the environment is clean: nothing of the agent's, all of the pod's",
  inWorld(async ({ open }) => {
    process.env.AGENT_SECRET = "hidden";
    process.env.AGENT_SHARED = "shared";
    const runtime = open({ inheritEnv: ["AGENT_SHARED", "AGENT_ABSENT"] });
    const env = {
      PLAIN: "a b",
      EMPTY: "",
      QUOTES: `'"\`$HOME\\ $(id)`,
      LINES: "one\ntwo",
      "dotted.name-1": "x",
      i: "1",
      vk_dir: "/nowhere",
      vk_count: "9",
      VK_0: "nought",
      OPTIND: "none",
      IFS: "/",
      PWD: "/mine",
      SHELLOPTS: "errexit",
      LC_ALL: "C",
    };
    const values = Object.entries(env).map(([name, value]) => ({ name, value }));
    const uid = newUid();
    const container: Container = { name: "main", command: ["env", "-0"] };
    await startEnd(runtime, runOf(uid, container, 0, values));
    const seen = Object.fromEntries(
      (await logText(runtime, uid)).split("\0").filter((one) => one !== "").map((one) => [
        one.slice(0, one.indexOf("=")),
        one.slice(one.indexOf("=") + 1),
      ]),
    );
    const { HOME, ...rest } = seen;
    assert.match(HOME ?? "", /\/pods\/uid-\d+\/main\/work$/);
    assert.equal(rest, {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOSTNAME: "web",
      AGENT_SHARED: "shared",
      ...env,
    });
    delete process.env.AGENT_SECRET;
    delete process.env.AGENT_SHARED;
  }),
);

test(
  "no value of the environment shows in a command line, and no secret is written down",
  inWorld(async ({ root, open }) => {
    const runtime = open();
    const uid = newUid();
    const run = runOf(uid, shell("echo up; exec sleep 600"), 0, [{ name: "TOKEN", value: "s3cret-value" }]);
    await runtime.start(run, { signal: bound() });
    await until("it is up", async () => (await logText(runtime, uid)) === "up\n");
    assert.equal(processesNaming("s3cret-value"), []);
    const files = readdirSync(root, { recursive: true }).join("\n");
    assert.not.match(files, /s3cret/);
    await runtime.stop(refTo(uid), "main", { graceMs: 5000, signal: bound() });
  }),
);

test(
  "a process leads a session of its own, with default signals, no input, and its own folder",
  inWorld(async ({ root, open }) => {
    const runtime = open();
    const uid = newUid();
    const script =
      `read -r stat < /proc/$$$$/stat; set -- $stat; [ $$$$ = "$5" ] && [ $$$$ = "$6" ] && echo leads
      grep -E 'SigIgn|SigBlk' /proc/self/status; cat; umask; pwd`;
    await startEnd(runtime, runOf(uid, shell(script)));
    const work = new RegExp(`^${realpathSync(root)}.*/pods/${uid}/main/work$`);
    const [leads, blocked, ignored, umask, pwd] = (await logText(runtime, uid)).split("\n");
    assert.equal([leads, umask], ["leads", "0022"]);
    assert.match(blocked ?? "", /^SigBlk:\s+0+$/);
    // what the parent of the tests ignores (a shell, in what it runs in the background) cannot be undone by a shell
    const inherited = BigInt(
      `0x${/SigIgn:\s+(\w+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? 0}`,
    );
    const interactive = 0b110n; // SIGINT, SIGQUIT
    const libc = 0b11n << 31n; // 32 and 33 are libc's own: nobody else can set them, and some parents hand them on
    assert.is(BigInt(`0x${ignored?.split(/\s+/)[1]}`) & ~(inherited & interactive) & ~libc, 0n, ignored);
    assert.match(pwd ?? "", work);
  }),
);

test(
  "workingDir, args and $(VAR) are as the pod says",
  inWorld(async ({ root, open }) => {
    const runtime = open();
    const uid = newUid();
    const dir = join(realpathSync(root), "there it is");
    mkdirSync(dir);
    const container: Container = {
      name: "main",
      command: ["/bin/sh", "-c", 'pwd; echo "$1" "$2"', "sh"],
      args: ["$(WHO) $$(WHO)", "$(NOBODY)"],
      workingDir: dir,
    };
    await startEnd(runtime, runOf(uid, container, 0, [{ name: "WHO", value: "me * $HOME" }]));
    assert.is(await logText(runtime, uid), `${dir}\nme * $HOME $(WHO) $(NOBODY)\n`);
  }),
);

test(
  "a stop reaches children and grandchildren; one that ignores it is killed with the rest",
  inWorld(async ({ root, open }) => {
    const runtime = open();
    const uid = newUid();
    const mark = join(root, "grandchild");
    const script = `trap '' TERM; sh -c 'trap "" TERM; (sleep 600; : ${mark}) & wait; : ${mark}' &
      echo up; while :; do sleep 600; done`;
    await runtime.start(runOf(uid, shell(script)), { signal: bound() });
    await until("it is up", async () => (await logText(runtime, uid)) === "up\n");
    await until("its grandchild too", () => processesNaming(`: ${mark}`).length >= 3);
    await runtime.stop(refTo(uid), "main", { graceMs: 100, signal: bound() });
    assert.is((await endOf(runtime, uid)).exitCode, 137);
    await until("all are gone", () => processesNaming(mark).length === 0);
  }),
);

test(
  "what a process leaves behind in its group ends with it",
  inWorld(async ({ root, open }) => {
    const runtime = open();
    const mark = join(root, "stray");
    const script = `sh -c 'sleep 600; : ${mark}' & exit 4`;
    assert.is((await startEnd(runtime, runOf(newUid(), shell(script)))).exitCode, 4);
    await until("the stray is gone", () => processesNaming(`: ${mark}`).length === 0);
  }),
);

test(
  "the container's own stop signal is sent",
  inWorld(async ({ open }) => {
    const runtime = open();
    const uid = newUid();
    const script = "trap 'exit 3' USR1; trap 'exit 4' TERM; echo up; while :; do sleep 0.05; done";
    const container = shell(script, { lifecycle: { stopSignal: "SIGUSR1" } });
    await runtime.start(runOf(uid, container), { signal: bound() });
    await until("it is up", async () => (await logText(runtime, uid)) === "up\n");
    const stopped = await runtime.stop(refTo(uid), "main", { graceMs: 15_000, signal: bound() });
    const end = stopped?.containers[0]?.state;
    assert.is(end?._tag === "Terminated" && end.exitCode, 3);
  }),
);

test(
  "the last two instances are kept, and none begins beside another",
  inWorld(async ({ open }) => {
    const runtime = open();
    const uid = newUid();
    for (const count of [0, 1, 2]) {
      await startEnd(runtime, runOf(uid, shell(`echo run ${count}`), count));
      await until("that one has ended", async () => {
        const container = containerIn(await runtime.list({ signal: bound() }), uid);
        return container?.restartCount === count && container.state._tag === "Terminated";
      });
    }
    assert.is(await logText(runtime, uid), "run 2\n");
    assert.is(await logText(runtime, uid, { previous: true }), "run 1\n");
    const older = await rejected(runtime.start(runOf(uid, shell("exit 0"), 0), { signal: bound() }));
    assert.ok(isProviderError(older));
    assert.is(older.code, "Conflict");
    await runtime.start(runOf(uid, shell("exec sleep 600"), 3), { signal: bound() });
    const beside = await rejected(runtime.start(runOf(uid, shell("exit 0"), 4), { signal: bound() }));
    assert.ok(isProviderError(beside));
    assert.is(beside.code, "Conflict");
    const early = await rejected(runtime.remove(refTo(uid), { signal: bound() }));
    assert.ok(isProviderError(early));
    assert.is(early.code, "Conflict");
  }),
);

test(
  "other nodes and clusters on the same directory are not seen",
  inWorld(async ({ root, open }) => {
    const mine = open();
    const others = [
      processRuntime({ root, cluster: "other", node: owner.node }),
      processRuntime({ root, cluster: owner.cluster, node: "node-2" }),
    ];
    await startEnd(mine, runOf(newUid(), shell("exit 0")));
    for (const other of others) {
      assert.equal(await other.list({ signal: bound() }), []);
      const error = await rejected(other.start(runOf(newUid(), shell("exit 0")), { signal: bound() }));
      assert.ok(isProviderError(error));
      assert.is(error.code, "InvalidInput");
      await other.close?.();
    }
    assert.is((await mine.list({ signal: bound() })).length, 1);
  }),
);

test(
  "a list is whole or fails: a damaged record is named",
  inWorld(async ({ root, open }) => {
    const runtime = open();
    const uid = newUid();
    await startEnd(runtime, runOf(uid, shell("exit 0")));
    const path = readdirSync(root, { recursive: true, encoding: "utf8" })
      .find((each) => each.endsWith("pod.json")) ?? "";
    const good = JSON.stringify({ ...refTo(uid), owner, containers: ["main"] });
    writeFileSync(join(root, path), good.slice(0, 20));
    const error = await rejected(runtime.list({ signal: bound() }));
    assert.match(String(error), /pod\.json is damaged/);
    writeFileSync(join(root, path), good);
  }),
);

test(
  "names that would lead out of the state directory are refused",
  inWorld(async ({ open }) => {
    const runtime = open();
    for (const uid of ["..", "a/b", "", ".hidden", "x\0y"]) {
      const error = await rejected(runtime.start(runOf(uid, shell("exit 0")), { signal: bound() }));
      assert.ok(isProviderError(error), uid);
      assert.is(error.code, "InvalidInput");
    }
    const name = { ...shell("exit 0"), name: "../../x" };
    const error = await rejected(runtime.start(runOf(newUid(), name), { signal: bound() }));
    assert.ok(isProviderError(error));
  }),
);

test(
  "a relative state directory is as good",
  inWorld(async ({ root, open }) => {
    const runtime = open({ root: relative(process.cwd(), root) });
    assert.is((await startEnd(runtime, runOf(newUid(), shell("exit 6")))).exitCode, 6);
  }),
);

test(
  "no command: refused by check, and by start",
  inWorld(async ({ open }) => {
    const runtime = open();
    const container: Container = { name: "main", image: "nginx", args: ["-g"] };
    assert.equal(runtime.check?.(intentOf("u", [container])), [{
      field: "spec.containers[0].command",
      message: "a process has no image to take its command from: set the command",
      fatal: true,
    }]);
    const error = await rejected(runtime.start(runOf(newUid(), container), { signal: bound() }));
    assert.ok(isProviderError(error));
    assert.is(error.code, "InvalidInput");
  }),
);

test(
  "the node is the machine, unless told otherwise",
  inWorld(async ({ open }) => {
    const facts = async (options: Parameters<typeof open>[0]) => {
      const over = new AbortController();
      const runtime = open(options);
      await runtime.ping?.({ signal: bound() });
      for await (const each of runtime.node?.({ signal: over.signal }) ?? []) {
        over.abort();
        return each;
      }
      throw new Error("the node says nothing");
    };
    const { capacity, addresses } = await facts({});
    assert.match(capacity?.cpu ?? "", /^[1-9]\d*$/);
    assert.match(capacity?.memory ?? "", /^[1-9]\d*Ki$/);
    assert.is(capacity?.pods, "110");
    assert.is(addresses, undefined);
    const told = await facts({ address: "10.0.0.7", capacity: { pods: "5", cpu: "64" } });
    assert.equal([told.capacity?.pods, told.capacity?.cpu], ["5", "64"]);
    assert.equal(told.addresses, [{ type: "InternalIP", address: "10.0.0.7" }]);
  }),
);

test(
  "pods have the machine's address, or none",
  inWorld(async ({ open }) => {
    const without = open();
    await startEnd(without, runOf(newUid(), shell("exit 0")));
    const [plain] = await without.list({ signal: bound() });
    assert.equal([plain?.podIPs, plain?.hostIP], [[], undefined]);
    const [pod] = await open({ address: "10.0.0.7" }).list({ signal: bound() });
    assert.equal([pod?.podIPs, pod?.hostIP], [["10.0.0.7"], "10.0.0.7"]);
  }),
);

test(
  "an environment too long for the system is the pod's fault",
  inWorld(async ({ open }) => {
    const runtime = open();
    const env = [{ name: "LONG", value: "x".repeat(200_000) }];
    const error = await rejected(
      runtime.start(runOf(newUid(), shell("exit 0"), 0, env), { signal: bound() }),
    );
    assert.ok(isProviderError(error), String(error));
    assert.is(error.code, "InvalidInput");
  }),
);

test(
  "the runtime that runs the agent can be a pod's command, with its arguments as they are",
  inWorld(async ({ open }) => {
    const runtime = open();
    const script = "console.log(process.argv.slice(-2).join())";
    const own = process.versions.deno === undefined ? ["-e", script] : ["eval", script];
    const rows: readonly (readonly [readonly string[], string])[] = [
      [[process.execPath, ...own, "a", "-A"], "a,-A\n"],
      [["echo", process.execPath, "x.ts", "=b", ""], `${process.execPath} x.ts =b \n`],
    ];
    for (const [command, written] of rows) {
      const uid = newUid();
      const end = await startEnd(runtime, runOf(uid, { name: "main", image: "none", command }));
      assert.is(await logText(runtime, uid), written);
      assert.is(end.exitCode, 0);
    }
  }),
);

test.run();
