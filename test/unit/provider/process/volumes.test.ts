import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ContainerRun, ContainerRuntime } from "../../../../adapters/ports.ts";
import { isProviderError } from "../../../../adapters/provider_error.ts";
import { layoutOf, volumeDir } from "../../../../adapters/provider/process/layout.ts";
import {
  type FilesVolume,
  type ResolvedMount,
  type ResolvedVolume,
  volumeFile,
} from "../../../../core/volume/volume.ts";
import {
  bound,
  endAll,
  inWorld,
  logText,
  newUid,
  owner,
  refTo,
  runOf,
  shell,
  startEnd,
  until,
} from "../../../tools/processes.ts";

const test = suite("volumes of processes");

const files = (all: Readonly<Record<string, string>>, mode = 0o644): FilesVolume => ({
  _tag: "Files",
  files: Object.entries(all).map(([path, text]) => volumeFile(path, mode, new TextEncoder().encode(text))),
  version: JSON.stringify(all),
});

const withVolumes = (
  run: ContainerRun,
  volumes: Readonly<Record<string, ResolvedVolume>>,
  ...mounts: readonly Omit<ResolvedMount, "readOnly">[]
): ContainerRun => ({
  ...run,
  intent: {
    ...run.intent,
    volumes,
    mounts: { [run.container.name]: mounts.map((mount) => ({ readOnly: false, ...mount })) },
  },
});

const update = (runtime: ContainerRuntime, uid: string, volumes: Readonly<Record<string, FilesVolume>>) =>
  runtime.updateFiles?.(refTo(uid), volumes, { signal: bound() });

test(
  "a process finds its mounts below the folder that it is told, with their modes",
  inWorld(async ({ open }) => {
    const runtime = open();
    const uid = newUid();
    const script = 'cd "$CONTAINER_SANDBOX_MOUNT_POINT"; cat etc/config/a etc/config/dir/b "$1"; ' +
      "stat -L -c %a etc/config/a; echo kept > tmp/x; cat tmp/x";
    const container = shell(script, {
      args: ["sh", "$(CONTAINER_SANDBOX_MOUNT_POINT)/etc/config/a"],
    });
    const run = withVolumes(
      runOf(uid, container),
      {
        config: files({ a: "1\n", "dir/b": "2\n" }, 0o400),
        tmp: { _tag: "EmptyDir", medium: "", sizeLimit: undefined },
      },
      { volume: "config", mountPath: "/etc/config" },
      { volume: "tmp", mountPath: "/tmp" },
    );
    assert.is((await startEnd(runtime, run)).exitCode, 0, await logText(runtime, uid));
    assert.is(await logText(runtime, uid), "1\n2\n1\n400\nkept\n");
  }),
);

test(
  "files change all at once, old names go, and a sub-path stays as it was",
  inWorld(async ({ root, open }) => {
    const runtime = open();
    const uid = newUid();
    const script =
      'cd "$CONTAINER_SANDBOX_MOUNT_POINT"; cat etc/v single; while [ ! -e etc/w ]; do sleep 0.05; done; ' +
      "cat etc/w single; ls etc";
    const run = withVolumes(
      runOf(uid, shell(script)),
      { config: files({ v: "old\n", s: "sub\n" }) },
      { volume: "config", mountPath: "/etc" },
      { volume: "config", mountPath: "/single", subPath: "s" },
    );
    const ended = startEnd(runtime, run);
    await until("it runs", async () => (await logText(runtime, uid).catch(() => "")) === "old\nsub\n");
    await update(runtime, uid, { config: files({ w: "new\n", s: "changed\n" }) });
    assert.is((await ended).exitCode, 0);
    assert.is(await logText(runtime, uid), "old\nsub\nnew\nsub\ns\nw\n");
    const dir = volumeDir(layoutOf(root, owner), uid, "config");
    assert.equal(readdirSync(dir).filter((name) => !name.startsWith("..")).sort(), ["s", "w"]);
    assert.is(
      readdirSync(dir).filter((name) => name.startsWith("..")).length,
      2,
      "the link, and what it points to",
    );
    assert.ok(lstatSync(join(dir, "w")).isSymbolicLink());
    assert.is(statSync(dir).mode & 0o777, 0o755);
  }),
);

test(
  "a reader never sees half of an update",
  inWorld(async ({ root, open }) => {
    const runtime = open();
    const uid = newUid();
    const both = (text: string): FilesVolume => files({ a: text, b: text });
    const run = withVolumes(runOf(uid, shell("true")), { v: both("0") }, { volume: "v", mountPath: "/v" });
    await startEnd(runtime, run);
    const dir = volumeDir(layoutOf(root, owner), uid, "v");
    let writing = true;
    const writer = (async () => {
      for (let at = 1; at <= 60; at++) await update(runtime, uid, { v: both(String(at)) });
      writing = false;
    })();
    let looks = 0;
    while (writing) {
      // one resolution of `..data`, as a program does that opens the folder
      const data = join(dir, readlinkSync(join(dir, "..data")));
      try {
        assert.is(readFileSync(join(data, "a"), "utf8"), readFileSync(join(data, "b"), "utf8"));
        looks++;
      } catch (error) {
        if ((error as { code?: string }).code !== "ENOENT") throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    await writer;
    assert.ok(looks > 10);
    assert.is(readFileSync(join(dir, "a"), "utf8"), "60");
  }),
);

test(
  "the same files again change nothing; of a pod that is not there neither",
  inWorld(async ({ root, open }) => {
    const runtime = open();
    const uid = newUid();
    const run = withVolumes(runOf(uid, shell("true")), { v: files({ a: "1" }) }, {
      volume: "v",
      mountPath: "/v",
    });
    await startEnd(runtime, run);
    const link = join(volumeDir(layoutOf(root, owner), uid, "v"), "..data");
    const before = readlinkSync(link);
    await update(runtime, uid, { v: files({ a: "1" }) });
    assert.is(readlinkSync(link), before);
    await update(runtime, uid, { v: files({ a: "2" }) });
    assert.is.not(readlinkSync(link), before);
    await update(runtime, "nobody", { v: files({ a: "1" }) });
    await endAll(runtime);
    await update(runtime, uid, { v: files({ a: "3" }) });
    assert.equal(await runtime.list({ signal: bound() }), []);
  }),
);

test(
  "an emptyDir outlives its container's instances, and a missing sub-path is told",
  inWorld(async ({ open }) => {
    const runtime = open();
    const uid = newUid();
    const script = 'cd "$CONTAINER_SANDBOX_MOUNT_POINT/data"; echo again >> n; wc -l < n';
    const empty = { _tag: "EmptyDir", medium: "", sizeLimit: undefined } as const;
    const mount = { volume: "d", mountPath: "/data", subPath: "sub" };
    for (const restartCount of [0, 1]) {
      await startEnd(runtime, withVolumes(runOf(uid, shell(script), restartCount), { d: empty }, mount));
    }
    assert.is((await logText(runtime, uid)).trim(), "2");
    const other = newUid();
    const error = await runtime.start(
      withVolumes(runOf(other, shell("true")), { d: files({ a: "1" }) }, mount),
      { signal: bound() },
    ).catch((thrown: unknown) => thrown);
    assert.ok(isProviderError(error) && error.code === "Unavailable");
  }),
);

test.run();
