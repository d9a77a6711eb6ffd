import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bootId, isAlive, startTimeOf } from "../../../../adapters/provider/process/identity.ts";
import { forbidStart, readInstance } from "../../../../adapters/provider/process/instance.ts";
import { instanceDir, layoutOf } from "../../../../adapters/provider/process/layout.ts";
import {
  bound,
  containerIn,
  endOf,
  inWorld,
  logText,
  newUid,
  owner,
  processesNaming,
  refTo,
  runOf,
  shell,
  until,
} from "../../../tools/processes.ts";

const test = suite("records of processes");

const me = `${process.pid} ${startTimeOf(process.pid)} ${bootId()} end\n`;
const recycled = `${process.pid} 1 ${bootId()} end\n`;
const otherBoot = `${process.pid} ${startTimeOf(process.pid)} 00000000-0000-0000-0000-000000000000 end\n`;

type Records = Readonly<Record<string, string>>;

const withRecords = (records: Records, body: (dir: string) => void): void => {
  const dir = mkdtempSync(join(tmpdir(), "vk-records-"));
  try {
    for (const [name, text] of Object.entries(records)) writeFileSync(join(dir, name), text);
    body(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
};

/** `me` stands for a live process, `recycled` for one whose id another process has now. */
const rows: readonly (readonly [string, Records, string])[] = [
  ["nothing yet", {}, "Unclaimed"],
  ["a supervisor that has only claimed", { claim: me }, "Starting"],
  ["a claim that is just being written", { claim: "" }, "Starting"],
  ["a supervisor killed before the command", { claim: recycled }, "Ended 128 StartError"],
  ["a supervisor of before the machine's restart", { claim: otherBoot }, "Ended 128 StartError"],
  ["stopped before it was claimed", { claim: "void end\n" }, "Ended 128 StartError"],
  ["stopped before the command", { claim: me, pid: "void stopped end\n" }, "Ended 128 StartError"],
  ["the agent killed while it gave a start up", { claim: me, pid: "" }, "Ended 128 StartError"],
  ["running", { claim: me, pid: me }, "Running supervised"],
  ["ended, about to be recorded", { claim: me, pid: recycled }, "Running supervised"],
  ["being recorded", { claim: me, pid: recycled, exit: "" }, "Running supervised"],
  ["running without its supervisor", { claim: recycled, pid: me }, "Running alone"],
  ["both dead, an id used again", { claim: recycled, pid: recycled }, "Ended 137 ContainerStatusUnknown"],
  ["the machine restarted", { claim: otherBoot, pid: otherBoot }, "Ended 137 ContainerStatusUnknown"],
  [
    "the record of the end cut off",
    { claim: recycled, pid: recycled, exit: "" },
    "Ended 137 ContainerStatusUnknown",
  ],
  ["ended", { claim: recycled, pid: recycled, exit: "7 end\n" }, "Ended 7 -"],
  ["ended before the machine restarted", { claim: otherBoot, pid: otherBoot, exit: "0 end\n" }, "Ended 0 -"],
  ["ended, supervisor still there", { claim: me, pid: recycled, exit: "143 end\n" }, "Ended 143 -"],
  [
    "no such program",
    { claim: me, pid: me, failed: "missing end\n", exit: "128 end\n" },
    "Ended 128 StartError",
  ],
  [
    "not executable",
    { claim: me, pid: me, failed: "denied end\n", exit: "128 end\n" },
    "Ended 126 ContainerCannotRun",
  ],
  ["a failure cut off", { claim: me, pid: me, failed: "", exit: "128 end\n" }, "Ended 128 -"],
];

const short = (dir: string): string => {
  const state = readInstance(dir);
  switch (state._tag) {
    case "Ended":
      return `Ended ${state.exitCode} ${state.reason ?? "-"}`;
    case "Running":
      return `Running ${state.supervisor === undefined ? "alone" : "supervised"}`;
    default:
      return state._tag;
  }
};

for (const [title, records, expected] of rows) {
  test(`${title}: ${expected}`, () =>
    withRecords(records, (dir) => {
      assert.is(short(dir), expected);
      const again = readInstance(dir);
      assert.equal(readInstance(dir), again, "a second look says the same");
    }));
}

test("a claim without content is given up after a while, and what comes late then ends", () => {
  withRecords({ claim: "" }, (dir) => {
    const old = new Date(Date.now() - 60_000);
    utimesSync(join(dir, "claim"), old, old);
    assert.is(short(dir), "Ended 128 StartError");
    // The late supervisor's shell finds this and does not become the command.
    assert.match(readFileSync(join(dir, "pid"), "utf8"), /^void /);
  });
});

test("records cut off anywhere never throw, and never name everybody", () => {
  const text = "12345 678 boot end\n";
  for (let claim = 0; claim <= text.length; claim++) {
    for (const pid of ["", "-1 1 x end\n", "1 1 x end\n", "0 0 end\n", text.slice(0, claim)]) {
      withRecords({ claim: text.slice(0, claim), pid }, (dir) => {
        const state = readInstance(dir);
        if (state._tag === "Ended" && state.command !== undefined) assert.ok(state.command.pid > 1);
      });
    }
  }
});

test("a start that was forbidden stays so; one that runs cannot be", () => {
  withRecords({}, (dir) => {
    forbidStart(dir, readInstance(dir));
    assert.is(short(dir), "Ended 128 StartError");
  });
  withRecords({ claim: me, pid: me }, (dir) => {
    forbidStart(dir, readInstance(dir));
    assert.is(short(dir), "Running supervised");
  });
});

test("an identity is an id, a start and a boot", () => {
  const start = startTimeOf(process.pid) ?? "";
  assert.ok(isAlive({ pid: process.pid, start, boot: bootId() }));
  assert.not(isAlive({ pid: process.pid, start: `${start}1`, boot: bootId() }));
  assert.not(isAlive({ pid: process.pid, start, boot: "other" }));
});

const pidsIn = (root: string, uid: string): { readonly supervisor: number; readonly command: number } => {
  const dir = instanceDir(layoutOf(root, owner), { uid, container: "main", restartCount: 0 });
  const first = (name: string): number => Number(readFileSync(join(dir, name), "utf8").split(" ")[0]);
  return { supervisor: first("claim"), command: first("pid") };
};

test(
  "a process whose supervisor was killed runs on, can be stopped, and its end is noticed",
  inWorld(async ({ root, open }) => {
    const runtime = open();
    for (const how of ["by itself", "stopped"]) {
      const uid = newUid();
      const go = join(root, `go-${uid}`);
      await runtime.start(
        runOf(uid, shell(`echo up; while [ ! -e ${go} ]; do sleep 0.05; done; exit 5`)),
        { signal: bound() },
      );
      await until("it is up", async () => (await logText(runtime, uid)) === "up\n");
      process.kill(pidsIn(root, uid).supervisor, "SIGKILL");
      const dir = instanceDir(layoutOf(root, owner), { uid, container: "main", restartCount: 0 });
      await until("the supervisor is dead", () => short(dir) === "Running alone");
      if (how === "stopped") await runtime.stop(refTo(uid), "main", { graceMs: 10_000, signal: bound() });
      else writeFileSync(go, "");
      const end = await endOf(runtime, uid);
      assert.equal([end.exitCode, end.reason], [137, "ContainerStatusUnknown"], how);
    }
  }),
);

test(
  "an end nobody was there to see is told by the next agent; a watch tells of adopted ends",
  inWorld(async ({ root, open }) => {
    const [gone, adopted] = [newUid(), newUid()];
    const go = join(root, "go");
    const first = open();
    const waiting = shell(`while [ ! -e ${go}-$HOSTNAME$WHICH ]; do sleep 0.05; done; exit 5`);
    for (const uid of [gone, adopted]) {
      await first.start(runOf(uid, waiting, 0, [{ name: "WHICH", value: uid }]), { signal: bound() });
    }
    await first.close?.();
    writeFileSync(`${go}-web${gone}`, "");
    await until("it is gone", () => processesNaming(`/${gone}/`).length === 0);
    const second = open();
    assert.is((await endOf(second, gone)).exitCode, 5);
    assert.is(containerIn(await second.list({ signal: bound() }), adopted)?.state._tag, "Running");
    const over = new AbortController();
    const events = second.watch?.({ signal: AbortSignal.any([over.signal, bound()]) })
      [Symbol.asyncIterator]();
    const next = events?.next();
    writeFileSync(`${go}-web${adopted}`, "");
    const event = (await next)?.value;
    const state = event?._tag === "Changed" ? event.pod.containers[0]?.state : undefined;
    assert.is(state?._tag === "Terminated" && state.exitCode, 5);
    over.abort();
    assert.is((await events?.next())?.done, true);
  }),
);

test(
  "whoever is first runs it: many supervisors, one process",
  inWorld(async ({ root, open }) => {
    const runtime = open();
    const uid = newUid();
    const count = join(root, "count");
    const run = runOf(uid, shell(`echo x >> ${count}; exec sleep 600`));
    await runtime.start(run, { signal: bound() });
    await until("it has counted", () => existsSync(count) && readFileSync(count, "utf8") === "x\n");
    const layout = layoutOf(root, owner);
    const key = { uid, container: "main", restartCount: 0 };
    const script = readdirSync(layout.base).find((name) => name.endsWith(".sh")) ?? "";
    const late = [1, 2, 3, 4, 5].map(() => {
      const dir = instanceDir(layout, key);
      const child = spawn("/bin/sh", [
        join(layout.base, script),
        "supervise",
        dir,
        join(layout.notes, "late"),
        "/",
        "0",
        "sh",
        "sh",
        "-c",
        `echo x >> ${count}`,
      ], { stdio: "ignore", env: { PATH: "/usr/bin:/bin" } });
      return new Promise((resolve) => child.on("exit", resolve));
    });
    assert.equal(await Promise.all(late), [0, 0, 0, 0, 0]);
    assert.is(readFileSync(count, "utf8"), "x\n");
  }),
);

test("a folder without a claim is run by the next start", () => {
  const root = mkdtempSync(join(tmpdir(), "vk-records-"));
  const dir = instanceDir(layoutOf(root, owner), { uid: "u", container: "main", restartCount: 0 });
  mkdirSync(dir, { recursive: true });
  assert.is(readInstance(dir)._tag, "Unclaimed");
  rmSync(root, { recursive: true });
});

test.run();
