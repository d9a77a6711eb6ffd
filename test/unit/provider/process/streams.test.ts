import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { CommandOptions, ContainerRuntime, TerminalSize } from "../../../../adapters/ports.ts";
import { isProviderError } from "../../../../adapters/provider_error.ts";
import type { Container } from "../../../../core/kubernetes/container.ts";
import {
  bound,
  containerIn,
  inWorld,
  newUid,
  processesNaming,
  refTo,
  runOf,
  shell,
  until,
} from "../../../tools/processes.ts";

const test = suite("streams of processes");

const sleeping = (more: Partial<Container> = {}): Container => shell("sleep 1000", more);

const started = async (
  runtime: ContainerRuntime,
  container: Container = sleeping(),
  env: readonly { readonly name: string; readonly value: string }[] = [],
): Promise<string> => {
  const uid = newUid();
  await runtime.start(runOf(uid, container, 0, env), { signal: bound() });
  return uid;
};

const text = async (stream: ReadableStream<Uint8Array> | undefined): Promise<string> =>
  await new Response(stream).text();

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | undefined;
}

const exec = async (
  runtime: ContainerRuntime,
  uid: string,
  command: readonly string[],
  options: Partial<CommandOptions> = {},
): Promise<Ended> => {
  const given = { stdout: true, stderr: options.tty !== true, tty: false, signal: bound(), ...options };
  const running = await runtime.exec!(refTo(uid), "main", command, given);
  const [stdout, stderr] = await Promise.all([text(running.stdout), text(running.stderr)]);
  return { stdout, stderr, code: await running.exit };
};

const input = (whole: string): ReadableStream<Uint8Array> => new Blob([whole]).stream();

const refused = async (
  work: Promise<unknown>,
): Promise<{ readonly code: string; readonly message: string }> => {
  try {
    await work;
  } catch (error) {
    if (isProviderError(error)) return error;
    throw error;
  }
  throw new Error("it was not refused");
};

test(
  "a command runs in its container's environment and directory, and its end is told",
  inWorld(async ({ open, root }) => {
    const runtime = open();
    const uid = await started(runtime, sleeping({ workingDir: root }), [
      { name: "GREETING", value: "hello there\nyou" },
      { name: "a.b", value: "odd" },
      { name: "PWD", value: "mine" },
    ]);
    const printed = await exec(runtime, uid, ["env"]);
    assert.match(printed.stdout, "GREETING=hello there\nyou\n");
    assert.match(printed.stdout, "a.b=odd\n");
    assert.match(printed.stdout, "PWD=mine\n");
    assert.match(printed.stdout, "HOSTNAME=web\n");
    assert.not.match(printed.stdout, "VK_");
    assert.is((await exec(runtime, uid, ["pwd", "-P"])).stdout, `${root}\n`);
    const rows: readonly (readonly [readonly string[], Ended])[] = [
      [["sh", "-c", "echo out; echo err >&2; exit 7"], { stdout: "out\n", stderr: "err\n", code: 7 }],
      [["sh", "-c", "kill -9 $$"], { stdout: "", stderr: "", code: 137 }],
      [["printf", "%s|", "a b", "", "$HOME"], { stdout: "a b||$HOME|", stderr: "", code: 0 }],
    ];
    for (const [command, expected] of rows) assert.equal(await exec(runtime, uid, command), expected);
  }),
);

test(
  "another agent, after a restart, runs commands in the same environment",
  inWorld(async ({ open }) => {
    const uid = await started(open(), sleeping(), [{ name: "GREETING", value: "hello" }]);
    const { stdout } = await exec(open(), uid, ["sh", "-c", "echo $GREETING; pwd"]);
    assert.match(stdout, /^hello\n.*\/work\n$/);
  }),
);

test(
  "input is passed on, whole, and its end too; without any there is none",
  inWorld(async ({ open }) => {
    const runtime = open();
    const uid = await started(runtime);
    const large = "0123456789".repeat(500_000);
    assert.is((await exec(runtime, uid, ["cat"], { stdin: input(large) })).stdout, large);
    assert.equal(await exec(runtime, uid, ["head", "-c", "3"], { stdin: input(large) }), {
      stdout: "012",
      stderr: "",
      code: 0,
    });
    assert.is((await exec(runtime, uid, ["cat"])).stdout, "");
  }),
);

test(
  "what cannot be run is refused in the words of container runtimes",
  inWorld(async ({ open, root }) => {
    const runtime = open();
    const uid = await started(runtime);
    const file = join(root, "file");
    writeFileSync(file, "", { mode: 0o644 });
    const rows: readonly (readonly [string, string])[] = [
      ["no-such-program", 'exec: "no-such-program": executable file not found in $PATH'],
      ["/no/such/file", 'exec: "/no/such/file": no such file or directory'],
      [file, `exec: ${JSON.stringify(file)}: permission denied`],
    ];
    for (const [program, message] of rows) {
      assert.equal((await refused(exec(runtime, uid, [program]))).message, message);
    }
    assert.is((await refused(exec(runtime, "nobody", ["true"]))).code, "NotFound");
    await runtime.stop(refTo(uid), "main", { graceMs: 0, signal: bound() });
    assert.match((await refused(exec(runtime, uid, ["true"]))).message, "does not run");
  }),
);

test(
  "the client's leaving ends the command and what it has started; so does the container's end",
  inWorld(async ({ open, root }) => {
    const runtime = open();
    const uid = await started(runtime);
    const mark = join(root, "mark");
    for (const end of ["client", "container"]) {
      const left = new AbortController();
      const running = exec(runtime, uid, [
        "sh",
        "-c",
        `sleep 1000 ${mark} 2> /dev/null; sh -c 'tail -f /dev/null ${mark}'`,
      ], {
        signal: left.signal,
      });
      await until("it runs", () => processesNaming(mark).length > 1);
      if (end === "client") left.abort();
      else await runtime.stop(refTo(uid), "main", { graceMs: 0, signal: bound() });
      assert.is((await running).code, 137);
      await until("nothing of it runs", () => processesNaming(mark).length === 0);
    }
  }),
);

test(
  "a command that leaves something behind does not keep its client waiting",
  inWorld(async ({ open, root }) => {
    const runtime = open();
    const uid = await started(runtime);
    const { stdout, code } = await exec(runtime, uid, [
      "sh",
      "-c",
      `tail -f ${root}/none --retry 2>&1 & echo done`,
    ]);
    assert.equal([stdout.includes("done"), code], [true, 0]);
    for (const line of processesNaming(`${root}/none`)) process.kill(Number(line.split(" ")[0]), "SIGKILL");
  }),
);

test(
  "a terminal is a real one, of the client's size, which may change",
  inWorld(async ({ open }) => {
    const runtime = open();
    const uid = await started(runtime);
    let tell: ReadableStreamDefaultController<TerminalSize> | undefined;
    const sizes = new ReadableStream<TerminalSize>({ start: (controller) => void (tell = controller) });
    let type: ReadableStreamDefaultController<Uint8Array> | undefined;
    const stdin = new ReadableStream<Uint8Array>({ start: (controller) => void (type = controller) });
    tell?.enqueue({ width: 111, height: 33 });
    const running = await runtime.exec!(refTo(uid), "main", [
      "sh",
      "-c",
      "stty size; tty; read x; stty size; exit 5",
    ], {
      stdout: true,
      stderr: false,
      tty: true,
      stdin,
      sizes,
      signal: bound(),
    });
    let seen = "";
    const reading = (async () => {
      for await (const chunk of running.stdout ?? []) seen += new TextDecoder().decode(chunk);
    })();
    await until("the first size", () => seen.includes("33 111") && seen.includes("/dev/pts/"));
    tell?.enqueue({ width: 99, height: 44 });
    // the program looks once it has been sent a line, and the terminal has heard of the size by then
    await new Promise((resolve) => setTimeout(resolve, 50));
    type?.enqueue(new TextEncoder().encode("go\n"));
    await reading;
    assert.match(seen, "44 99");
    assert.is(await running.exit, 5);
  }),
);

test(
  "attach: the output from now on, until the container ends; input is refused",
  inWorld(async ({ open, root }) => {
    const runtime = open();
    const go = join(root, "go");
    const uid = await started(
      runtime,
      shell(`echo early; until [ -e ${go} ]; do sleep 0.05; done; echo late; echo err >&2; exit 3`),
    );
    await until("it has written", async () => {
      const given = { follow: false, previous: false, timestamps: false, signal: bound() };
      return (await text(await runtime.logs?.(refTo(uid), "main", given))) === "early\n";
    });
    const options = { stdout: true, stderr: true, tty: false, signal: bound() };
    const running = await runtime.attach!(refTo(uid), "main", options);
    writeFileSync(go, "");
    assert.is(await text(running.stdout), "late\nerr\n");
    const other = await started(runtime);
    const refusal = await refused(runtime.attach!(refTo(other), "main", { ...options, stdin: input("x") }));
    assert.is(refusal.code, "Unsupported");
  }),
);

/** A program that gives back what it is sent, then says goodbye, and tells its port in a file. */
const echo = (file: string): Container =>
  shell("", {
    command: [
      "python3",
      "-c",
      [
        "import socket, sys",
        "s = socket.create_server(('127.0.0.1', 0))",
        `open(${JSON.stringify(file)}, 'w').write(str(s.getsockname()[1]) + ' ')`,
        "while True:",
        "  c, _ = s.accept()",
        "  data = b''",
        "  while True:",
        "    d = c.recv(65536)",
        "    if not d: break",
        "    data += d",
        "  c.sendall(data + b' bye'); c.close()",
      ].join("\n"),
    ],
  });

test(
  "port-forward: both halves of a connection, to the pod's own ports only",
  inWorld(async ({ open, root }) => {
    const runtime = open();
    const file = join(root, "port");
    const uid = await started(runtime, echo(file));
    const port = await until("it listens", () => {
      if (!existsSync(file)) return undefined;
      const told = readFileSync(file, "utf8");
      return told.endsWith(" ") ? Number(told) : undefined;
    });
    const { readable, writable } = await runtime.portForward!(refTo(uid), port, { signal: bound() });
    const writer = writable.getWriter();
    await writer.write(new TextEncoder().encode("hello"));
    await writer.close();
    assert.is(await text(readable), "hello bye");

    const foreign = createServer();
    await new Promise<void>((resolve) => foreign.listen(0, "127.0.0.1", resolve));
    const other = (foreign.address() as AddressInfo).port;
    const refusal = await refused(runtime.portForward!(refTo(uid), other, { signal: bound() }));
    assert.match(refusal.message, `no process of the pod listens on port ${other}`);
    foreign.close();
    assert.is(containerIn(await runtime.list({ signal: bound() }), uid)?.state._tag, "Running");
  }),
);

test.run();
