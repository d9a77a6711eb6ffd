import { suite } from "uvu";
import * as assert from "uvu/assert";
import { startStubNode, type StubNode } from "./stub_node.ts";
import type { Reply, SendOptions, Target } from "./target.ts";

/** What the stub answers to the log of a pod `said-CODE`; any other gets its log. */
const statusIn = (url: string | undefined): number => Number(/\/said-(\d+)\//.exec(url ?? "")?.[1] ?? 200);

const begin = async (): Promise<StubNode> =>
  await startStubNode({
    request: (incoming, out) => {
      const status = statusIn(incoming.url);
      out.statusCode = status;
      out.setHeader("content-type", "text/plain; charset=utf-8");
      if (status === 302) out.setHeader("location", "/elsewhere");
      if (!incoming.url?.includes("follow=true")) return void out.end("a line\n");
      // the second line only when the first has come to its reader: it asks for it by asking for another log
      out.write("first\n");
    },
  });

interface World {
  readonly node: StubNode;
  readonly pods: string;
  readonly last: () => StubNode["asked"][number] | undefined;
  log(pod: string, query?: SendOptions["query"]): Promise<Reply>;
  pod(name: string, containers?: readonly string[], more?: Record<string, unknown>): Promise<void>;
}

let count = 0;

const inWorld = async (target: Target, body: (world: World) => Promise<void>): Promise<void> => {
  const node = await begin();
  const name = `stub-${Date.now().toString(36)}-${count++}`;
  const { send } = target;
  const pods = `/api/v1/namespaces/${await target.namespace()}/pods`;
  await send("POST", "/api/v1/nodes", { body: { metadata: { name } } });
  await send("PATCH", `/api/v1/nodes/${name}/status`, {
    contentType: "application/merge-patch+json",
    body: {
      status: {
        addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
        daemonEndpoints: { kubeletEndpoint: { Port: node.port } },
      },
    },
  });
  const world: World = {
    node,
    pods,
    last: () => node.asked.at(-1),
    log: (pod, query) => send("GET", `${pods}/${pod}/log`, query === undefined ? {} : { query }),
    pod: async (pod, containers = ["main"], more = {}) => {
      const { status, text } = await send("POST", pods, {
        body: {
          metadata: { name: pod },
          spec: {
            nodeName: name,
            containers: containers.map((each) => ({ name: each, image: "none" })),
            ...more,
          },
        },
      });
      assert.is(status, 201, text);
    },
  };
  try {
    await body(world);
  } finally {
    await send("DELETE", `/api/v1/nodes/${name}`);
    node.close();
  }
};

const status = ({ status: code, body: { reason, message } }: Reply): readonly unknown[] => [
  code,
  reason,
  message,
];

const upgradeNeeded = [400, "BadRequest", "Upgrade request required"];

/** Refusals of a node, and what becomes of them. */
const refusals: readonly (readonly [number, string | undefined, string])[] = [
  [400, "BadRequest", "a line\n"],
  [401, "Unauthorized", "the server has asked for the client to provide credentials ( pods/log said-401)"],
  [403, "Forbidden", "a line\n ( pods/log said-403)"],
  [404, "NotFound", "the server could not find the requested resource ( pods/log said-404)"],
  [
    405,
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource ( pods/log said-405)",
  ],
  [409, "Conflict", "the server reported a conflict ( pods/log said-409)"],
  [
    410,
    undefined,
    "the server responded with the status code 410 but did not return more information ( pods/log said-410)",
  ],
  [
    429,
    "TooManyRequests",
    "the server has received too many requests and has asked us to try again later ( pods/log said-429)",
  ],
  [500, "InternalError", "Internal error occurred: a line\n"],
  [
    501,
    "InternalError",
    'an error on the server ("a line\\n") has prevented the request from succeeding ( pods/log said-501)',
  ],
  [503, "ServiceUnavailable", "the server is currently unable to handle the request ( pods/log said-503)"],
];

/** Logs, streams and proxies: what the API server asks a node, and what it makes of the answer. */
export const nodeApiContract = (target: Target): void => {
  const test = suite(`${target.name}: what is asked of nodes`);
  const { send } = target;

  test("a log is asked of the node as the API server, and passed on as text", () =>
    inWorld(target, async ({ pod, log, last }) => {
      await pod("web");
      const { status, headers, text } = await log("web");
      assert.equal([status, headers.get("content-type"), text], [200, "text/plain", "a line\n"]);
      const namespace = last()?.url.split("/")[2];
      assert.equal([last()?.method, last()?.url], ["GET", `/containerLogs/${namespace}/web/main`]);
      assert.equal([last()?.subject?.CN, last()?.subject?.O], [
        "kube-apiserver-kubelet-client",
        "system:masters",
      ]);
      assert.is(last()?.headers.authorization, undefined);
    }));

  test("options are checked and passed on in the kubelet's words", () =>
    inWorld(target, async ({ pod, log, last }) => {
      await pod("web");
      await log("web", {
        container: "main",
        previous: "1",
        timestamps: "yes",
        sinceSeconds: "5",
        tailLines: "7",
        limitBytes: "100",
        pretty: "true",
      });
      assert.equal(
        [...new URL(last()?.url ?? "", "https://node").searchParams].sort(),
        [
          ["limitBytes", "100"],
          ["previous", "true"],
          ["sinceSeconds", "5"],
          ["tailLines", "7"],
          ["timestamps", "true"],
        ],
      );
      await log("web", { follow: "false", previous: "0", sinceTime: "2020-01-01T00:00:00.5+02:00" });
      assert.equal([...new URL(last()?.url ?? "", "https://node").searchParams], [
        ["sinceTime", "2019-12-31T22:00:00Z"],
      ]);
    }));

  test("options that make no sense are refused", () =>
    inWorld(target, async ({ pod, log, node }) => {
      await pod("web");
      const bad = (message: string) => [400, "BadRequest", message];
      const invalid = (fault: string) => [422, "Invalid", `PodLogOptions "web" is invalid: ${fault}`];
      assert.equal(
        status(await log("web", { tailLines: "x" })),
        bad('strconv.ParseInt: parsing "x": invalid syntax'),
      );
      assert.equal(
        status(await log("web", { sinceTime: "x" })),
        bad('parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'),
      );
      assert.equal(
        status(await log("web", { tailLines: "-1" })),
        invalid("tailLines: Invalid value: -1: must be greater than or equal to 0"),
      );
      assert.equal(
        status(await log("web", { limitBytes: "0" })),
        invalid("limitBytes: Invalid value: 0: must be greater than 0"),
      );
      assert.equal(
        status(await log("web", { sinceSeconds: "0" })),
        invalid("sinceSeconds: Invalid value: 0: must be greater than 0"),
      );
      assert.equal(
        status(await log("web", { sinceSeconds: "1", sinceTime: "2020-01-01T00:00:00Z" })),
        invalid("[]: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"),
      );
      assert.equal(
        status(await log("web", { stream: "Stdout" })),
        invalid("stream: Forbidden: may not be specified"),
      );
      assert.is(node.asked.length, 0);
    }));

  test("a container must be named where there are several, and be one of the pod", () =>
    inWorld(target, async ({ pod, log, last }) => {
      await pod("two", ["a", "b"], { initContainers: [{ name: "i", image: "none" }] });
      assert.equal(status(await log("two")), [
        400,
        "BadRequest",
        "a container name must be specified for pod two, choose one of: [i a b]",
      ]);
      assert.equal(status(await log("two", { container: "c" })), [
        400,
        "BadRequest",
        "container c is not valid for pod two",
      ]);
      assert.is((await log("two", { container: "i" })).status, 200);
      assert.match(last()?.url ?? "", /\/two\/i$/);
    }));

  test("a pod without a node has an empty log; streams need a node", () =>
    inWorld(target, async ({ pod, log, pods }) => {
      await pod("free", ["main"], { nodeName: undefined, schedulerName: "nobody" });
      const empty = await log("free");
      assert.equal([empty.status, empty.text], [204, ""]);
      const noHost = [400, "BadRequest", "pod free does not have a host assigned"];
      for (const asked of ["exec?command=ls", "attach", "portforward?ports=80"]) {
        assert.equal(status(await send("POST", `${pods}/free/${asked}`)), noHost);
      }
      assert.equal(status(await log("nobody")), [404, "NotFound", 'pods "nobody" not found']);
    }));

  test("streams switch protocols or are refused", () =>
    inWorld(target, async ({ pod, pods, node }) => {
      await pod("web");
      for (const asked of ["exec?command=ls&stdout=true", "attach", "portforward?ports=80"]) {
        assert.equal(status(await send("POST", `${pods}/web/${asked}`)), upgradeNeeded);
        assert.equal(status(await send("GET", `${pods}/web/${asked}`)), upgradeNeeded);
        assert.is((await send("PUT", `${pods}/web/${asked}`)).status, 405);
      }
      assert.is((await send("POST", `${pods}/web/log`)).status, 405);
      assert.is(node.asked.length, 0);
    }));

  test("who may only read pods may not begin a stream with a GET", () =>
    inWorld(target, async ({ pod, pods }) => {
      await pod("web");
      const reader = `reader-${Date.now().toString(36)}-${count++}`;
      const namespace = pods.split("/")[4];
      const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
      await send("POST", `${rbac}/roles`, {
        body: {
          metadata: { name: reader },
          rules: [{ apiGroups: [""], resources: ["pods/exec"], verbs: ["get"] }],
        },
      });
      await send("POST", `${rbac}/rolebindings`, {
        body: {
          metadata: { name: reader },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: reader },
          subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: reader }],
        },
      });
      // a role counts a moment after it was made
      const asReader = (): Promise<Reply> =>
        send("GET", `${pods}/web/exec`, { query: { command: "ls" }, as: { user: reader } });
      let answer = await asReader();
      for (const end = Date.now() + 5_000; /cannot get/.test(answer.body.message) && Date.now() < end;) {
        answer = await asReader();
      }
      assert.equal([answer.status, answer.body.reason], [403, "Forbidden"]);
      assert.match(answer.body.message, /^pods "web" is forbidden: /);
      assert.not.match(answer.body.message, /cannot get/);
    }));

  test("what a node refuses is told as the API server's own refusal", () =>
    inWorld(target, async ({ pod, log }) => {
      for (const [code, reason, message] of refusals) {
        await pod(`said-${code}`);
        assert.equal(status(await log(`said-${code}`)), [code, reason, message]);
      }
      await pod("said-302");
      assert.equal(status(await log("said-302")), [500, undefined, 'Get "/elsewhere": redirects forbidden']);
    }));

  test("a node that does not answer, has no address or is gone", () =>
    inWorld(target, async ({ pod, log, pods, node }) => {
      await pod("web");
      node.close();
      const gone = await log("web");
      assert.equal([gone.status, gone.body.reason], [500, undefined]);
      assert.match(
        gone.body.message,
        /^Get "https:\/\/127\.0\.0\.1:\d+\/containerLogs\/[\w-]+\/web\/main": dial tcp 127\.0\.0\.1:\d+: connect: connection refused$/,
      );
      const nameless = `nameless-${Date.now().toString(36)}-${count++}`;
      await send("POST", "/api/v1/nodes", { body: { metadata: { name: nameless } } });
      const bound = { nodeName: nameless, containers: [{ name: "main", image: "none" }] };
      await send("POST", pods, { body: { metadata: { name: "lost" }, spec: bound } });
      assert.equal(status(await log("lost")), [
        500,
        undefined,
        "no preferred addresses found; known addresses: []",
      ]);
      await send("DELETE", `/api/v1/nodes/${nameless}`);
      assert.equal(status(await log("lost")), [404, "NotFound", `pods "${nameless}" not found`]);
    }));

  test("nobody gets at this machine by the proxies of nodes and pods", () =>
    inWorld(target, async ({ pod, pods }) => {
      await pod("web");
      const { body } = await send("GET", `${pods}/web`);
      const node = `/api/v1/nodes/${body.spec.nodeName}`;
      const notAllowed = [400, "BadRequest", "address not allowed"];
      assert.equal(status(await send("GET", `${node}/proxy/healthz`)), notAllowed);
      assert.equal(status(await send("GET", `${node}:8080/proxy/`)), notAllowed);
      assert.equal(status(await send("GET", `${pods}/web:8080/proxy/`)), notAllowed);
      const services = pods.replace(/pods$/, "services");
      assert.equal(status(await send("GET", "/api/v1/nodes/nobody/proxy/")), [
        404,
        "NotFound",
        'nodes "nobody" not found',
      ]);
      for (const name of ["nobody", "web"]) {
        assert.equal(status(await send("GET", `${services}/${name}/proxy/`)), [
          404,
          "NotFound",
          `services "${name}" not found`,
        ]);
        // without a selector it has no endpoints, and so is nothing to send to
        await send("POST", services, {
          body: { metadata: { name: "web" }, spec: { ports: [{ port: 80 }] } },
        });
      }
    }));

  test.run();
};
