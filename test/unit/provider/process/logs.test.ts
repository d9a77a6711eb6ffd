import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtempSync, rmSync, truncateSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "../../../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LogOptions } from "../../../../adapters/ports.ts";
import { LogFiles } from "../../../../adapters/provider/process/log_files.ts";
import { logStream } from "../../../../adapters/provider/process/log_stream.ts";
import {
  bound,
  endOf,
  inWorld,
  logText,
  newUid,
  openLog,
  refTo,
  runOf,
  shell,
  until,
} from "../../../tools/processes.ts";

const test = suite("logs of processes");

const plain: LogOptions = { follow: false, previous: false, timestamps: false };
const limits = { maxBytes: 100, maxFiles: 3 };

const inFolder = (body: (dir: string) => Promise<void>) => async (): Promise<void> => {
  const dir = mkdtempSync(join(tmpdir(), "vk-logs-"));
  try {
    await body(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
};

const read = (files: LogFiles, options: Partial<LogOptions> = {}): Promise<string> =>
  new Response(logStream(files, { ...plain, ...options }, () => true, bound())).text();

/** The log's time is what the file system says: here it is said for it. */
const write = (dir: string, text: string, at?: number): void => {
  appendFileSync(join(dir, "log"), text);
  if (at !== undefined) utimesSync(join(dir, "log"), at / 1000, at / 1000);
};

const lastLines = (text: string, count: number): string => {
  const lines = text.split(/(?<=\n)/).filter((line) => line !== "");
  return lines.slice(Math.max(0, lines.length - count)).join("");
};

test(
  "tailLines and limitBytes, however the log is spread over files",
  inFolder(async (root) => {
    let folders = 0;
    const line = fc.string({ maxLength: 12 }).map((text) => text.replaceAll("\n", "") + "\n");
    const parts = fc.array(fc.array(line, { maxLength: 5 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        parts,
        fc.boolean(),
        fc.nat(8),
        fc.integer({ min: 1, max: 40 }),
        async (all, cut, n, b) => {
          const dir = mkdtempSync(join(root, `${folders++}-`));
          const files = new LogFiles(dir, limits);
          let text = "";
          for (const [at, lines] of all.entries()) {
            const last = at === all.length - 1;
            const part = lines.join("") + (last && cut ? "unfinished" : "");
            text += part;
            write(dir, part);
            if (!last) await files.rotate();
          }
          assert.is(await read(files), text);
          assert.is(await read(new LogFiles(dir, limits)), text);
          assert.is(await read(files, { tailLines: n }), n === 0 ? "" : lastLines(text, n));
          const bytes = new TextEncoder().encode(text).subarray(0, b);
          const got = await new Response(
            logStream(files, { ...plain, limitBytes: b }, () => true, bound()),
          ).arrayBuffer();
          assert.equal([...new Uint8Array(got)], [...bytes]);
        },
      ),
      { numRuns: 60 },
    );
  }),
);

test(
  "since and timestamps go by when a line was seen to be written",
  inFolder(async (dir) => {
    const files = new LogFiles(dir, limits);
    const at = Date.UTC(2026, 0, 2, 3, 4, 5);
    write(dir, "one\ntwo\nthr", at);
    files.look();
    write(dir, "ee\nfour\n", at + 1000);
    files.look();
    await files.rotate();
    write(dir, "five\n", at + 2000);
    files.look();
    const all = "one\ntwo\nthree\nfour\nfive\n";
    assert.is(await read(files, { since: at - 5000 }), all);
    assert.is(await read(files, { since: at }), all);
    assert.is(await read(files, { since: at + 500 }), "four\nfive\n");
    assert.is(await read(files, { since: at + 1500 }), "five\n");
    assert.is(await read(files, { since: at + 2500 }), "");
    assert.is(await read(files, { since: at + 500, tailLines: 1 }), "five\n");
    assert.is(await read(files, { since: at + 1500, tailLines: 4 }), "five\n");
    const stamped = [
      "2026-01-02T03:04:05.000000000Z one",
      "2026-01-02T03:04:05.000000000Z two",
      "2026-01-02T03:04:05.000000000Z three",
      "2026-01-02T03:04:06.000000000Z four",
      "2026-01-02T03:04:07.000000000Z five",
      "",
    ].join("\n");
    assert.is(await read(files, { timestamps: true }), stamped);
    assert.is(await read(files, { timestamps: true, limitBytes: 33 }), stamped.slice(0, 33));
    assert.is(await read(new LogFiles(dir, limits), { timestamps: true }), stamped);
  }),
);

test(
  "what was written while no agent ran gets the time of the last of it",
  inFolder(async (dir) => {
    const at = Date.UTC(2026, 0, 2);
    write(dir, "one\n", at);
    new LogFiles(dir, limits).look();
    write(dir, "two\nthree\n", at + 5000);
    const files = new LogFiles(dir, limits);
    files.look();
    assert.is(await read(files, { since: at + 5000 }), "two\nthree\n");
  }),
);

test(
  "no more files than allowed, the oldest go first",
  inFolder(async (dir) => {
    const files = new LogFiles(dir, limits);
    for (const name of ["a", "b", "c", "d"]) {
      write(dir, `${name}\n`);
      files.look();
      await files.rotate();
    }
    write(dir, "e\n");
    assert.is(await read(files), "c\nd\ne\n");
    assert.is(readdirSync(dir).filter((name) => /^log/.test(name)).length, 3);
    const single = new LogFiles(dir, { ...limits, maxFiles: 1 });
    await single.rotate();
    assert.equal(readdirSync(dir).filter((name) => /^log/.test(name)), ["log"]);
  }),
);

test(
  "an agent killed while it rotated: nothing twice, nothing lost",
  inFolder(async (dir) => {
    const old = `${"x".repeat(5000)}\nlast\n`;
    const copied = (): void => writeFileSync(join(dir, "log.new"), old);
    const rows: readonly (readonly [string, () => void, string])[] = [
      ["while it copied", () => writeFileSync(join(dir, "log.new"), old.slice(0, 3000)), old],
      ["before it cut", copied, old],
      ["before it cut, and more came", () => (copied(), write(dir, "more\n")), `${old}more\n`],
      ["after it cut", () => (copied(), truncateSync(join(dir, "log"))), old],
      [
        "after it cut, and more came",
        () => (copied(), truncateSync(join(dir, "log")), write(dir, "more\n")),
        `${old}more\n`,
      ],
      [
        "after it cut, and as much came",
        () => (copied(), writeFileSync(join(dir, "log"), old.toUpperCase())),
        old + old.toUpperCase(),
      ],
    ];
    for (const [title, crash, expected] of rows) {
      for (const name of readdirSync(dir)) rmSync(join(dir, name));
      write(dir, old);
      new LogFiles(dir, limits).look();
      crash();
      const files = new LogFiles(dir, limits);
      assert.is(await read(files), expected, title);
      assert.not(existsSync(join(dir, "log.new")), title);
    }
  }),
);

test(
  "a log that its process cut off is read from its new beginning",
  inFolder(async (dir) => {
    const files = new LogFiles(dir, limits);
    write(dir, "a long line\n");
    files.look();
    writeFileSync(join(dir, "log"), "new\n");
    files.look();
    assert.is(await read(files, { timestamps: true, since: 0 }).then((text) => text.slice(31)), "new\n");
  }),
);

test(
  "the index of times is bounded",
  inFolder(async (dir) => {
    const files = new LogFiles(dir, { maxBytes: 1 << 30, maxFiles: 2 });
    const at = Date.UTC(2026, 0, 2);
    for (let line = 0; line < 9000; line++) {
      write(dir, "x\n", at + line * 1000);
      files.look();
    }
    const entries = readFileSync(join(dir, "times"), "utf8").split("\n").length;
    assert.ok(entries < 8300, `${entries} entries`);
    const since = await read(files, { since: at + 8999 * 1000 });
    assert.is(since, "x\n");
    // Thinned out, a line's time may be later than it was, never earlier.
    assert.ok((await read(files, { since: at + 4000 })).length / 2 >= 9000 - 4);
  }),
);

test(
  "followed across rotations, every line comes once and in order",
  inWorld(async ({ root, open }) => {
    const runtime = open({ logMaxBytes: 2000, logMaxFiles: 50 });
    const uid = newUid();
    const script = `i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo "line $i of many, long enough to rotate";
      [ $((i % 60)) = 0 ] && sleep 0.4; done`;
    await runtime.start(runOf(uid, shell(script)), { signal: bound() });
    const text = await new Response(await openLog(runtime, uid, { follow: true })).text();
    const all = Array.from({ length: 300 }, (_, at) => `line ${at + 1} of many, long enough to rotate\n`);
    assert.is(text, all.join(""));
    const rotated = readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((name) => /\/log\.\d+$/.test(name));
    assert.ok(rotated.length > 0, "nothing was rotated");
    assert.is(await logText(runtime, uid), text);
    assert.is(await logText(runtime, uid, { tailLines: 100 }), all.slice(-100).join(""));
    assert.is((await endOf(runtime, uid)).exitCode, 0);
  }),
);

test(
  "follow gives what comes, and an abort or a cancel ends it at once",
  inWorld(async ({ open }) => {
    const runtime = open();
    const uid = newUid();
    await runtime.start(runOf(uid, shell("echo one; sleep 0.3; echo two; exec sleep 600")), {
      signal: bound(),
    });
    const over = new AbortController();
    const reader = (await openLog(runtime, uid, { follow: true }, over.signal)).getReader();
    let text = "";
    while (text !== "one\ntwo\n") text += new TextDecoder().decode((await reader.read()).value);
    const pending = reader.read().then(() => "given", () => "refused");
    over.abort();
    assert.is(await pending, "refused");
    await until("all is there", async () => (await logText(runtime, uid)) === "one\ntwo\n");
    const stream = await openLog(runtime, uid, { follow: true, tailLines: 0 });
    const other = stream.getReader();
    const waiting = other.read();
    await other.cancel();
    assert.is((await waiting).done, true);
    const last = new Response(await openLog(runtime, uid, { follow: true, tailLines: 1, timestamps: true }))
      .text();
    await runtime.stop(refTo(uid), "main", { graceMs: 5000, signal: bound() });
    assert.match(await last, /^\S+Z two\n$/);
  }),
);

test(
  "a container that waits has no log yet",
  inWorld(async ({ open }) => {
    const runtime = open();
    const uid = newUid();
    const first = { ...shell("exit 0"), name: "first" };
    const second = { ...shell("exit 0"), name: "second" };
    const run = runOf(uid, first);
    const pod = { ...run.intent.pod, spec: { containers: [first, second] } };
    await runtime.start({ ...run, intent: { ...run.intent, pod } }, { signal: bound() });
    let message = "";
    try {
      await openLog(runtime, uid, {}, bound(), "second");
    } catch (error) {
      message = String(error);
    }
    assert.match(message, /container "second" in pod "web" is waiting to start: ContainerCreating/);
  }),
);

test.run();
