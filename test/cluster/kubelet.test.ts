import process from "node:process";
import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { connect } from "../../adapters/connect.ts";
import { type Authorize, kubeletAuth } from "../../adapters/kubelet/auth.ts";
import { kubeletHandler } from "../../adapters/kubelet/handler.ts";
import { findClientCa, serveKubelet } from "../../adapters/kubelet/server.ts";
import type { ApiPort, Backend, CallOptions, LogFields, LogOptions } from "../../adapters/ports.ts";
import { ProviderError } from "../../adapters/provider_error.ts";
import type { Identity } from "../../core/kubelet/identity.ts";
import { decodePod, type Pod } from "../../core/kubernetes/pod.ts";
import {
  type ApiRequest,
  getObject,
  nodePath,
  patchNodeStatus,
  patchPodStatus,
  podPath,
} from "../../core/kubernetes/request.ts";
import { type Finished, mustRun, runCommand } from "../tools/child.ts";
import { testUnless } from "../tools/skip.ts";
import { ask, until } from "../unit/kubelet/client.ts";
import { clusterSetting } from "../tools/setting.ts";

const setting = (name: string): string => clusterSetting(name, "cluster/kubelet");

const kubeconfig = setting("VK_TEST_KUBECONFIG");
const kubectlPath = setting("VK_TEST_KUBECTL");
const { VK_TEST_CONTROLPLANE: scripts, VK_TEST_CONTROLPLANE_DIR: instance } = process.env;

const test = suite("kubelet API behind a real API server");

const nodeName = `vk-kubelet-${process.pid}`;
const podName = nodeName;
const { signal, ...stopping } = (() => {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
})();

const send = async (api: ApiPort, request: ApiRequest): Promise<unknown> => {
  const answer = await api.send({ ...request, discardAnswer: false }, signal);
  if (E.isLeft(answer)) throw new Error(`${request.method} ${request.path}: ${answer.left.message}`);
  const { status, text } = answer.right;
  if (status >= 300) throw new Error(`${request.method} ${request.path}: ${status} ${text}`);
  return JSON.parse(text);
};

const kubectl = (...args: readonly string[]): Promise<Finished> =>
  runCommand(kubectlPath, ["--kubeconfig", kubeconfig, ...args], { signal: AbortSignal.timeout(60_000) });

type Call = LogOptions & CallOptions;

/** What the fake back end does next, and what it was asked. */
const backend = {
  calls: [] as Call[],
  next: (): ReadableStream<Uint8Array> => text("one\ntwo\nthree\n"),
};

const text = (whole: string): ReadableStream<Uint8Array> => new Blob([whole]).stream();

const logs: NonNullable<Backend["logs"]> = (_pod, _container, options) => {
  backend.calls.push(options);
  return Promise.resolve(backend.next());
};

const identities: Identity[] = [];
const recorded = (authorize: Authorize): Authorize => async (request, certificate) => {
  const access = await authorize(request, certificate);
  if (access._tag === "Allowed") identities.push(access.identity);
  return access;
};

const { api, connection, close } = await connect({ kubeconfig });
let pods: readonly Pod[] = [];
const handler = kubeletHandler({ nodeName, pods: () => pods, logs, now: Date.now });
let authorize: Authorize = recorded(kubeletAuth({ api, nodeName, now: () => performance.now() }));
const clientCa = await findClientCa({ api, clusterCa: connection.ca, signal });
const server = await serveKubelet({
  handler,
  authorize: (request, certificate) => authorize(request, certificate),
  nodeName,
  address: "127.0.0.1",
  port: 0,
  certificate: "self-signed",
  ...(clientCa === undefined ? {} : { clientCa: clientCa.pem }),
  limits: { closeMs: 100 },
});

const podsPath = "/api/v1/namespaces/default/pods";
const bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";

// Not in `before`: uvu keeps silent about a hook that throws.
test("a node at our server's address, and a pod on it", async () => {
  await send(api, {
    method: "POST",
    path: "/api/v1/nodes",
    body: { apiVersion: "v1", kind: "Node", metadata: { name: nodeName } },
  });
  await send(
    api,
    patchNodeStatus(nodeName, {
      status: {
        addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
        daemonEndpoints: { kubeletEndpoint: { Port: server.port } },
      },
    }),
  );
  await send(api, {
    method: "POST",
    path: podsPath,
    body: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: podName },
      spec: {
        nodeName,
        automountServiceAccountToken: false,
        containers: [{ name: "c", image: "i" }, { name: "late", image: "i" }],
        tolerations: [{ operator: "Exists" }],
      },
    },
  });
  await send(
    api,
    patchPodStatus("default", podName, {
      status: {
        phase: "Running",
        containerStatuses: [
          { name: "c", image: "i", imageID: "", ready: true, restartCount: 0, state: { running: {} } },
          {
            name: "late",
            image: "i",
            imageID: "",
            ready: false,
            restartCount: 0,
            state: { waiting: { reason: "ContainerCreating" } },
          },
        ],
      },
    }),
  );
  const pod = decodePod(await send(api, getObject(podPath("default", podName))));
  if (E.isLeft(pod)) throw new Error(`the pod is not one: ${pod.left.problems}`);
  pods = [pod.right];
});

test.after(async () => {
  const clean = { gracePeriodSeconds: 0 };
  for (const path of [podPath("default", podName), nodePath(nodeName), `${bindings}/${nodeName}`]) {
    await api.send({ method: "DELETE", path, body: clean, discardAnswer: true }, signal);
  }
  await kubectl("delete", "serviceaccount", nodeName, "--ignore-not-found");
  await server.close();
  stopping.abort();
  await close();
});

test.before.each(() => {
  backend.calls.length = 0;
  backend.next = () => text("one\ntwo\nthree\n");
});

test("the client CA is the one that the API server publishes", () => {
  assert.match(clientCa?.source ?? "", "extension-apiserver-authentication");
});

test("kubectl logs: the API server's certificate is authenticated and authorized", async () => {
  const ended = await kubectl("logs", podName, "-c", "c");
  assert.is(ended.output, "one\ntwo\nthree\n");
  assert.is(identities.at(-1)?.username, "kube-apiserver-kubelet-client");
  assert.ok(identities.at(-1)?.groups.includes("system:authenticated"));
});

test("kubectl logs: every option arrives", async () => {
  const before = Date.now();
  await kubectl("logs", podName, "-c", "c", "--tail=7", "--limit-bytes=99", "--timestamps", "--since=10s");
  await kubectl("logs", podName, "-c", "c", "--since-time=2026-01-02T03:04:05Z", "--tail=0");
  const [first, second] = backend.calls;
  assert.equal([first?.tailLines, first?.limitBytes, first?.timestamps, first?.follow], [7, 99, true, false]);
  assert.ok(Math.abs((first?.since ?? 0) - (before - 10_000)) < 10_000);
  assert.equal([second?.since, second?.tailLines], [Date.parse("2026-01-02T03:04:05Z"), 0]);
});

test("kubectl logs -f: each line at once; when kubectl is killed the back end's stream ends", async () => {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  backend.next = () => new ReadableStream({ start: (c) => void (controller = c) });
  const kill = new AbortController();
  let seen = "";
  const following = runCommand(
    kubectlPath,
    ["--kubeconfig", kubeconfig, "logs", "-f", podName, "-c", "c"],
    { signal: kill.signal, onStdout: (stdout) => seen = stdout },
  );
  await until(() => controller !== undefined, "the log is opened");
  for (const line of ["one\n", "two\n", "three\n"]) {
    controller?.enqueue(new TextEncoder().encode(line));
    await until(() => seen.endsWith(line), `kubectl prints ${line}`);
  }
  assert.is(backend.calls[0]?.follow, true);
  assert.not(backend.calls[0]?.signal.aborted);
  kill.abort();
  await following;
  await until(() => backend.calls[0]?.signal.aborted === true, "the back end is told");
});

test("kubectl logs -f: ends when the container does", async () => {
  const ended = await kubectl("logs", "-f", podName, "-c", "c");
  assert.equal([ended.code, ended.output], [0, "one\ntwo\nthree\n"]);
});

test("a log that breaks off says so to kubectl, which does not learn it otherwise", async () => {
  for (const follow of [[], ["-f"]]) {
    let at = 0;
    backend.next = () =>
      new ReadableStream({
        pull: (controller) =>
          at++ === 0
            ? controller.enqueue(new TextEncoder().encode("one\n"))
            : controller.error(new Error("disk")),
      });
    const ended = await kubectl("logs", podName, "-c", "c", ...follow);
    assert.match(ended.output, "one\nvirtual-kubelet: the log breaks off here: disk\n");
  }
});

const refusals: readonly (readonly [readonly string[], string, (() => never)?])[] = [
  [["-c", "c", "--previous"], `previous terminated container "c" in pod "${podName}" not found`],
  [["-c", "late"], `container "late" in pod "${podName}" is waiting to start: ContainerCreating`],
  // kube-apiserver puts its own text in place of ours for 404.
  [["-c", "c"], "the server could not find the requested resource", () => {
    throw new ProviderError("NotFound", "the log was rotated away");
  }],
  [["-c", "c"], "no such option here", () => {
    throw new ProviderError("InvalidInput", "no such option here");
  }],
  [["-c", "c"], "no logs on Sundays", () => {
    throw new ProviderError("Unsupported", "no logs on Sundays");
  }],
  [["-c", "c"], "the back end sleeps", () => {
    throw new ProviderError("Unavailable", "the back end sleeps");
  }],
  [["-c", "c"], "the back end broke", () => {
    throw new Error("the back end broke");
  }],
];

for (const [args, expected, next] of refusals) {
  test(`kubectl logs ${args.join(" ")}: ${expected}`, async () => {
    if (next !== undefined) backend.next = next;
    const ended = await kubectl("logs", podName, ...args);
    assert.is.not(ended.code, 0);
    assert.match(ended.output, expected);
  });
}

const streams: readonly (readonly [readonly string[], string])[] = [
  [["exec", podName, "-c", "c", "--", "sh"], "exec is not supported by"],
  [["attach", podName, "-c", "c"], "attach is not supported by"],
];

for (const [args, expected] of streams) {
  for (const websockets of ["true", "false"]) {
    test(`kubectl ${args[0]} says what is missing (WebSockets: ${websockets})`, async () => {
      const ended = await runCommand(kubectlPath, ["--kubeconfig", kubeconfig, ...args], {
        signal: AbortSignal.timeout(60_000),
        env: { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: websockets },
      });
      assert.is.not(ended.code, 0);
      assert.match(ended.output, expected);
    });
  }
}

test("a service account's token: reviewed, without rights 403, with them 200; a wrong one 401", async () => {
  await mustRun(kubectlPath, ["--kubeconfig", kubeconfig, "create", "serviceaccount", nodeName]);
  const token = (await mustRun(kubectlPath, ["--kubeconfig", kubeconfig, "create", "token", nodeName]))
    .trim();
  const get = (path: string, bearer: string) =>
    ask(server.port, path, { headers: { authorization: `Bearer ${bearer}` } });
  const user = `system:serviceaccount:default:${nodeName}`;
  const denied = await get("/pods", token);
  assert.equal([denied.status, denied.body], [
    403,
    `Forbidden (user=${user}, verb=get, resource=nodes, subresource(s)=[pods proxy])`,
  ]);
  await send(api, {
    method: "POST",
    path: bindings,
    body: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: nodeName },
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: "system:kubelet-api-admin",
      },
      subjects: [{ kind: "ServiceAccount", namespace: "default", name: nodeName }],
    },
  });
  // The denial above is kept for 30 s; another path asks anew.
  const path = `/containerLogs/default/${podName}/c`;
  await until(async () => {
    authorize = recorded(kubeletAuth({ api, nodeName, now: () => performance.now() }));
    return (await get(path, token)).status === 200;
  }, "the API server's authorizer sees the binding");
  assert.is((await get("/pods", token)).status, 200);
  assert.is((await get("/pods", `${token}x`)).status, 401);
  assert.is((await ask(server.port, "/pods")).status, 401);
});

const noInstance = scripts === undefined || instance === undefined
  ? "VK_TEST_CONTROLPLANE and VK_TEST_CONTROLPLANE_DIR are not set"
  : undefined;

testUnless(
  noInstance,
  test,
  "a node identity may review, and finds the client CA in its kubeconfig",
  async () => {
    const made = await mustRun(`${scripts}/node-kubeconfig`, [instance ?? "", nodeName]);
    const node = await connect({ kubeconfig: made.trim() });
    try {
      const lines: (LogFields | undefined)[] = [];
      const logger = {
        log: (_level: string, _message: string, fields?: LogFields) => void lines.push(fields),
      };
      const found = await findClientCa({ api: node.api, clusterCa: node.connection.ca, signal, logger });
      assert.is(found?.source, "the kubeconfig's cluster CA");
      assert.match(JSON.stringify(lines), "forbidden");
      assert.is(found?.pem.trim(), clientCa?.pem.trim());
      authorize = recorded(kubeletAuth({ api: node.api, nodeName, now: () => performance.now() }));
      assert.is((await kubectl("logs", podName, "-c", "c")).output, "one\ntwo\nthree\n");
      const token = (await mustRun(kubectlPath, ["--kubeconfig", kubeconfig, "create", "token", "default"]))
        .trim();
      const denied = await ask(server.port, "/stats/summary", {
        headers: { authorization: `Bearer ${token}` },
      });
      assert.is(denied.status, 403);
    } finally {
      await node.close();
    }
  },
);

test.run();
