import { suite } from "uvu";
import * as assert from "uvu/assert";
import { kubeletHandler, type KubeletHandlerOptions } from "../../../adapters/kubelet/handler.ts";
import { containerLogsHandler } from "../../../adapters/kubelet/container_logs.ts";
import { healthzHandler } from "../../../adapters/kubelet/healthz.ts";
import type { Backend, CallOptions, LogOptions } from "../../../adapters/ports.ts";
import { ProviderError } from "../../../adapters/provider_error.ts";
import type { ObjectRef } from "../../../core/kubernetes/meta.ts";
import type { Pod } from "../../../core/kubernetes/pod.ts";

const test = suite("kubelet handler");

const now = Date.UTC(2026, 0, 1);

const pod: Pod = {
  metadata: { name: "p", namespace: "ns", uid: "u1", labels: { app: "x" } },
  spec: { containers: [{ name: "c", image: "img" }, { name: "late" }], initContainers: [{ name: "init" }] },
  status: {
    phase: "Running",
    containerStatuses: [
      { name: "c", image: "img", imageID: "", ready: true, restartCount: 0, state: { running: {} } },
      {
        name: "late",
        image: "img",
        imageID: "",
        ready: false,
        restartCount: 0,
        state: { waiting: { reason: "ContainerCreating" } },
      },
    ],
    initContainerStatuses: [
      {
        name: "init",
        image: "img",
        imageID: "",
        ready: true,
        restartCount: 0,
        state: { terminated: { exitCode: 0 } },
      },
    ],
  },
};

type Logs = NonNullable<Backend["logs"]>;
interface Call {
  readonly ref: ObjectRef;
  readonly container: string;
  readonly options: LogOptions & CallOptions;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const hello = (): ReadableStream<Uint8Array> => ReadableStream.from([bytes("hello\n"), bytes("world\n")]);

const recording = (give: () => ReadableStream<Uint8Array> = hello): { calls: Call[]; logs: Logs } => {
  const calls: Call[] = [];
  return {
    calls,
    logs: (ref, container, options) => {
      calls.push({ ref, container, options });
      return Promise.resolve(give());
    },
  };
};

const throwing = (error: unknown): Logs => () => Promise.reject(error);

const handler = (
  options: Partial<KubeletHandlerOptions> = {},
): (path: string, init?: RequestInit) => Promise<Response> => {
  const handle = kubeletHandler({
    nodeName: "vn1",
    pods: () => [pod],
    now: () => now,
    logs: recording().logs,
    ...options,
  });
  return (path, init) => handle(new Request(`https://node${path}`, init));
};

const until = async (condition: () => boolean): Promise<void> => {
  for (let tick = 0; tick < 1000; tick++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error("the condition did not come true");
};

const logsPath = "/containerLogs/ns/p/c";

const answers: readonly (readonly [string, string, number, string | RegExp])[] = [
  ["GET", "/healthz", 200, "ok"],
  ["GET", "/healthz/ping", 200, "ok"],
  ["GET", "/healthz/log", 200, "ok"],
  ["GET", "/healthz/syncloop", 200, "ok"],
  ["GET", "/healthz/other", 404, "404 page not found"],
  ["GET", "/healthz?verbose", 200, "[+]ping ok\n[+]log ok\n[+]syncloop ok\nhealthz check passed\n"],
  ["GET", "/healthz?verbose&exclude=log", 200, "[+]ping ok\n[+]syncloop ok\nhealthz check passed\n"],
  ["GET", logsPath, 200, "hello\nworld\n"],
  ["GET", "/containerLogs/ns/p/init", 200, "hello\nworld\n"],
  [
    "GET",
    "/containerLogs/ns/p/late",
    400,
    'container "late" in pod "p" is waiting to start: ContainerCreating',
  ],
  ["GET", "/containerLogs/ns/nope/c", 404, 'pod "nope" does not exist'],
  ["GET", "/containerLogs/other/p/c", 404, 'pod "p" does not exist'],
  ["GET", "/containerLogs/ns/p/nope", 404, 'container "nope" not found in pod "p"'],
  ["GET", `${logsPath}?previous=true`, 400, 'previous terminated container "c" in pod "p" not found'],
  ["GET", `${logsPath}?tailLines=-1`, 422, /tailLines/],
  ["GET", `${logsPath}?limitBytes=0`, 422, /limitBytes/],
  ["GET", `${logsPath}?tailLines=x`, 400, /tailLines/],
  ["GET", `/containerLogs/ns/nope/c?tailLines=-1`, 422, /tailLines/],
  ["POST", "/exec/ns/p/c?command=sh", 501, 'exec is not supported by the virtual kubelet of node "vn1"'],
  ["GET", "/exec/ns/p/c?command=sh", 501, /^exec is not supported/],
  ["POST", "/attach/ns/p/c", 501, /^attach is not supported/],
  ["POST", "/portForward/ns/p", 501, /^port-forward is not supported/],
  ["POST", "/run/ns/p/c?cmd=ls", 501, /^run is not supported/],
  ["GET", "/stats/summary", 501, /not supported/],
  ["GET", "/metrics", 501, /not supported/],
  ["GET", "/metrics/resource", 501, /not supported/],
  ["POST", "/checkpoint/ns/p/c", 501, /not supported/],
  ["GET", "/logs/", 501, /not supported/],
  ["GET", "/runningpods/", 501, /not supported/],
  ["GET", "/nothing", 404, "404 page not found"],
  ["GET", "/", 404, "404 page not found"],
];

for (const [method, path, status, text] of answers) {
  test(`${method} ${path} is ${status}`, async () => {
    const response = await handler()(path, { method });
    assert.is(response.status, status);
    assert.match(response.headers.get("content-type") ?? "", /^text\/plain/);
    const body = await response.text();
    if (typeof text === "string") assert.is(body, text);
    else assert.match(body, text);
  });
}

const wrongMethods: readonly (readonly [string, string, string])[] = [
  ["POST", logsPath, "GET"],
  ["POST", "/pods", "GET"],
  ["DELETE", "/runningpods/", "GET"],
  ["POST", "/healthz", "GET, HEAD"],
  ["GET", "/run/ns/p/c", "POST"],
  ["PUT", "/exec/ns/p/c", "GET, POST"],
];

for (const [method, path, allow] of wrongMethods) {
  test(`${method} ${path} is 405, allowed is ${allow}`, async () => {
    const response = await handler()(path, { method });
    assert.is(response.status, 405);
    assert.is(response.headers.get("allow"), allow);
  });
}

test("the pods are told as they are, as a v1 PodList", async () => {
  const response = await handler()("/pods");
  assert.is(response.headers.get("content-type"), "application/json");
  assert.equal(await response.json(), { kind: "PodList", apiVersion: "v1", metadata: {}, items: [pod] });
});

test("no pods are an empty list", async () => {
  const list = await (await handler({ pods: () => [] })("/pods")).json();
  assert.equal(list.items, []);
});

test("running pods come from the back end; its failure is 500", async () => {
  const running = handler({
    runningPods: () =>
      Promise.resolve([{
        uid: "u1",
        namespace: "ns",
        name: "p",
        containers: [{ name: "c", state: { _tag: "Running", startedAt: 0 }, restartCount: 0 }],
      }]),
  });
  const list = await (await running("/runningpods/")).json();
  assert.equal(list.items[0].metadata, { name: "p", namespace: "ns", uid: "u1" });
  const failing = await handler({ runningPods: () => Promise.reject(new Error("down")) })("/runningpods/");
  assert.is(failing.status, 500);
  assert.is(await failing.text(), "down");
});

test("a failing health check is 500 and names itself, not its reason", async () => {
  const logged: unknown[] = [];
  const handle = handler({
    healthz: { syncloop: () => Promise.reject(new Error("password=1")) },
    logger: { log: (_level, _message, fields) => void logged.push(fields) },
  });
  const response = await handle("/healthz");
  assert.is(response.status, 500);
  const text = await response.text();
  assert.match(text, "[-]syncloop failed");
  assert.not.match(text, "password");
  assert.is(logged.length, 1);
  assert.is((await handle("/healthz/ping")).status, 200);
  assert.is((await handle("/healthz/syncloop")).status, 500);
});

test("a health check that hangs fails", async () => {
  const handle = healthzHandler({ checks: { slow: () => new Promise(() => undefined) }, timeoutMs: 5 });
  assert.is((await handle(new Request("https://n/healthz"), undefined)).status, 500);
});

test("the back end gets the pod's UID and every option", async () => {
  const { calls, logs } = recording();
  const query = "follow=true&timestamps=true&tailLines=3&sinceSeconds=5&limitBytes=7&tailLines=9";
  await (await handler({ logs })(`${logsPath}?${query}`)).text();
  assert.is(calls.length, 1);
  assert.equal(calls[0]?.ref, { namespace: "ns", name: "p", uid: "u1" });
  assert.is(calls[0]?.container, "c");
  const { signal: _, ...options } = calls[0]?.options ?? { signal: undefined };
  assert.equal(options, {
    follow: true,
    previous: false,
    timestamps: true,
    tailLines: 3,
    limitBytes: 7,
    since: now - 5_000,
  });
});

const failures: readonly (readonly [unknown, number, string])[] = [
  [new ProviderError("NotFound", "gone"), 404, "gone"],
  [new ProviderError("InvalidInput", "bad"), 400, "bad"],
  [new ProviderError("Unsupported", "no logs"), 501, "no logs"],
  [new ProviderError("Unavailable", "down"), 500, "down"],
  [new ProviderError("Throttled", "slow"), 500, "slow"],
  [new ProviderError("Unauthorized", "key"), 500, "key"],
  [new ProviderError("Conflict", "busy"), 500, "busy"],
  [new ProviderError("Unknown", "hm"), 500, "hm"],
  [new Error("wrapped", { cause: new ProviderError("NotFound", "gone") }), 404, "wrapped"],
  [new Error("boom"), 500, "boom"],
  ["text", 500, "text"],
];

for (const [error, status, text] of failures) {
  test(`the back end's ${String(error)} is ${status}`, async () => {
    const response = await handler({ logs: throwing(error) })(logsPath);
    assert.is(response.status, status);
    assert.is(await response.text(), text);
  });
}

test("a back end that throws at once is no different", async () => {
  const logs: Logs = () => {
    throw new ProviderError("NotFound", "gone");
  };
  assert.is((await handler({ logs })(logsPath)).status, 404);
});

test("without logs of the back end the answer is 501", async () => {
  assert.is((await handler({ logs: undefined })(logsPath)).status, 501);
});

test("a back end that does not answer is given up, and told so", async () => {
  let signal: AbortSignal | undefined;
  let cancelled = false;
  let late: ((stream: ReadableStream<Uint8Array>) => void) | undefined;
  const logs: Logs = (_ref, _container, options) => {
    signal = options.signal;
    return new Promise((resolve) => late = resolve);
  };
  const handle = containerLogsHandler({ pods: () => [pod], logs, now: () => now, openTimeoutMs: 5 });
  const response = await handle(new Request("https://n/"), { namespace: "ns", pod: "p", container: "c" });
  assert.is(response.status, 500);
  assert.match(await response.text(), "took longer than");
  assert.ok(signal?.aborted);
  late?.(new ReadableStream({ cancel: () => void (cancelled = true) }));
  await until(() => cancelled);
});

test("lines arrive as they come, and leaving ends the back end's stream", async () => {
  let signal: AbortSignal | undefined;
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let cancelled = false;
  const logs: Logs = (_ref, _container, options) => {
    signal = options.signal;
    return Promise.resolve(
      new ReadableStream({
        start: (c) => void (controller = c),
        cancel: () => void (cancelled = true),
      }),
    );
  };
  const response = await handler({ logs })(`${logsPath}?follow=true`);
  const reader = response.body?.getReader();
  for (const line of ["one\n", "two\n"]) {
    controller?.enqueue(bytes(line));
    assert.is(new TextDecoder().decode((await reader?.read())?.value), line);
  }
  await reader?.cancel();
  assert.ok(signal?.aborted);
  await until(() => cancelled);
});

test("the request's signal ends a stream that sleeps, and it does not look whole", async () => {
  const leaving = new AbortController();
  let cancelled = false;
  let signal: AbortSignal | undefined;
  const logs: Logs = (_ref, _container, options) => {
    signal = options.signal;
    return Promise.resolve(new ReadableStream({ cancel: () => void (cancelled = true) }));
  };
  const response = await handler({ logs })(`${logsPath}?follow=true`, { signal: leaving.signal });
  const read = response.text().then(() => "ended", () => "broken off");
  leaving.abort();
  assert.is(await read, "broken off");
  assert.ok(cancelled && signal?.aborted);
});

for (const [begun, told] of [["one\n", ""], ["one", "\n"]] as const) {
  test(`an error after ${JSON.stringify(begun)} is told in a last line, and the log breaks off`, async () => {
    const give = (): ReadableStream<Uint8Array> => {
      let at = 0;
      return new ReadableStream({
        pull: (controller) =>
          at++ === 0 ? controller.enqueue(bytes(begun)) : controller.error(new Error("disk")),
      });
    };
    const response = await handler({ logs: recording(give).logs })(logsPath);
    assert.is(response.status, 200);
    let text = "";
    const read = async (): Promise<void> => {
      for await (const chunk of response.body ?? []) text += new TextDecoder().decode(chunk);
    };
    assert.is(await read().then(() => "ended", String), "Error: disk");
    assert.is(text, `${begun}${told}virtual-kubelet: the log breaks off here: disk\n`);
  });
}

test("it never rejects: a bug is a 500 without its words", async () => {
  const response = await handler({
    pods: () => {
      throw new Error("secret");
    },
  })("/pods");
  assert.is(response.status, 500);
  assert.is(await response.text(), "Internal Server Error");
});

test("/configz tells the settings", async () => {
  const configz = () => ({ port: 10250 });
  assert.equal(await (await handler({ configz })("/configz")).json(), { kubeletconfig: { port: 10250 } });
  assert.equal(await (await handler()("/configz")).json(), { kubeletconfig: {} });
});

const running =
  (code: number | undefined): NonNullable<KubeletHandlerOptions["exec"]> => (_pod, _container, command) =>
    Promise.resolve({
      stdout: new Blob([command.join("|")]).stream(),
      stderr: new Blob(["!"]).stream(),
      exit: Promise.resolve(code),
    });

test("streams that are asked for as if they were none are 400", async () => {
  const streams = { exec: running(0), attach: () => Promise.reject(), portForward: () => Promise.reject() };
  for (const path of ["/exec/ns/p/c?command=sh&output=1", "/attach/ns/p/c", "/portForward/ns/p"]) {
    const response = await handler(streams)(path, { method: "POST" });
    assert.is(response.status, 400);
    assert.match(await response.text(), /^Upgrade request required/);
  }
});

const runs: readonly (readonly [string, number | undefined, number, RegExp])[] = [
  ["/run/ns/p/c?cmd=ls%20-l%20%20x", 0, 200, /^ls\|-l\|x!$|^!ls\|-l\|x$/],
  ["/run/ns/p/uid/c?cmd=ls", 0, 404, /pod does not exist/],
  ["/run/ns/p/c?cmd=ls", 3, 500, /exit code 3: .*ls/],
  ["/run/ns/p/c?cmd=ls", undefined, 500, /exit code unknown/],
  ["/run/ns/p/c", 0, 400, /specify a command/],
  ["/run/ns/nope/c?cmd=ls", 0, 404, /pod does not exist/],
  ["/run/ns/p/nope?cmd=ls", 0, 404, /container "nope" not found/],
];

for (const [path, code, status, text] of runs) {
  test(`POST ${path} of a command that exits with ${code} is ${status}`, async () => {
    const response = await handler({ exec: running(code) })(path, { method: "POST" });
    assert.is(response.status, status);
    assert.match(await response.text(), text);
  });
}

test("telemetry sees each request's route and status", async () => {
  const spans: unknown[] = [];
  const telemetry = {
    count: () => undefined,
    span: (name: string, fields: unknown) => ({
      end: (outcome: string, end?: unknown) => void spans.push([name, fields, outcome, end]),
    }),
  };
  await handler({ telemetry })("/healthz");
  await handler({ telemetry })("/metrics");
  assert.equal(spans, [
    ["kubelet.request", { method: "GET", route: "Healthz" }, "ok", { status: 200 }],
    ["kubelet.request", { method: "GET", route: "Unsupported" }, "error", { status: 501 }],
  ]);
});

test.run();
