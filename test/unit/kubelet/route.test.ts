import fc from "../../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { attributesOf } from "../../../core/kubelet/attributes.ts";
import { isStreamRoute, methodsOf, type Route, routeOf } from "../../../core/kubelet/route.ts";

const test = suite("kubelet routes and attributes");

const notFound: Route = { _tag: "NotFound" };
const unsupported = (what: string, methods: readonly string[]): Route => ({
  _tag: "Unsupported",
  what,
  methods,
});
const place = { namespace: "ns", pod: "p" };
const logs = (namespace: string, pod: string, container: string): Route => ({
  _tag: "ContainerLogs",
  namespace,
  pod,
  container,
});

const get = ["GET"], post = ["POST"], both = ["GET", "POST"];

/** Path, what it names, the verb of a GET, the subresources that are asked for. */
const rows: readonly (readonly [string, Route, string, readonly string[]])[] = [
  ["/healthz", { _tag: "Healthz", check: undefined }, "get", ["healthz", "proxy"]],
  ["/healthz/", { _tag: "Healthz", check: undefined }, "get", ["healthz", "proxy"]],
  ["/healthz/syncloop", { _tag: "Healthz", check: "syncloop" }, "get", ["healthz", "proxy"]],
  ["/healthz/a/b", notFound, "get", ["healthz", "proxy"]],
  ["/pods", { _tag: "Pods" }, "get", ["pods", "proxy"]],
  ["/pods/", { _tag: "Pods" }, "get", ["pods", "proxy"]],
  ["/pods/x", notFound, "get", ["pods", "proxy"]],
  ["/runningpods/", { _tag: "RunningPods" }, "get", ["pods", "proxy"]],
  ["/runningpods", { _tag: "RunningPods" }, "get", ["pods", "proxy"]],
  ["/containerLogs/ns/p/c", logs("ns", "p", "c"), "get", ["proxy"]],
  ["/containerLogs/ns/p%2Fq/c%20d", logs("ns", "p/q", "c d"), "get", ["proxy"]],
  ["/containerLogs/ns/p", notFound, "get", ["proxy"]],
  ["/containerLogs/ns//c", notFound, "get", ["proxy"]],
  ["/containerLogs/ns/p/c/d", notFound, "get", ["proxy"]],
  ["/containerLogs/ns/p/%ff", notFound, "get", ["proxy"]],
  ["/exec/ns/p/c", { _tag: "Exec", ...place, container: "c" }, "create", ["proxy"]],
  ["/exec/ns/p/uid/c", { _tag: "Exec", ...place, uid: "uid", container: "c" }, "create", ["proxy"]],
  ["/exec/ns/p", notFound, "create", ["proxy"]],
  ["/exec/ns/p/uid/c/d", notFound, "create", ["proxy"]],
  ["/exec/ns/p//c", notFound, "create", ["proxy"]],
  ["/attach/ns/p/c", { _tag: "Attach", ...place, container: "c" }, "create", ["proxy"]],
  ["/portForward/ns/p", { _tag: "PortForward", ...place }, "create", ["proxy"]],
  ["/portForward/ns/p/uid", { _tag: "PortForward", ...place, uid: "uid" }, "create", ["proxy"]],
  ["/portForward/ns", notFound, "create", ["proxy"]],
  ["/run/ns/p/c", { _tag: "Run", ...place, container: "c" }, "create", ["proxy"]],
  ["/checkpoint/ns/p/c", unsupported("checkpoint", post), "get", ["checkpoint"]],
  ["/stats/summary", unsupported("/stats/summary", both), "get", ["stats"]],
  ["/stats", notFound, "get", ["stats"]],
  ["/statsx", notFound, "get", ["proxy"]],
  ["/statsx/summary", notFound, "get", ["proxy"]],
  ["/metrics", unsupported("/metrics", get), "get", ["metrics"]],
  ["/metrics/resource", unsupported("/metrics/resource", get), "get", ["metrics"]],
  ["/metrics/cadvisor", unsupported("/metrics/cadvisor", get), "get", ["metrics"]],
  ["/metrics/other", notFound, "get", ["metrics"]],
  ["/configz", { _tag: "Configz" }, "get", ["configz", "proxy"]],
  ["/statusz", notFound, "get", ["statusz", "proxy"]],
  ["/logs/", unsupported("/logs/ (files of the node)", get), "get", ["log"]],
  ["/logs/a/b", unsupported("/logs/ (files of the node)", get), "get", ["log"]],
  ["/", notFound, "get", ["proxy"]],
  ["//exec/ns/p/c", notFound, "get", ["proxy"]],
  ["/%65xec/ns/p/c", notFound, "get", ["proxy"]],
  ["/EXEC/ns/p/c", notFound, "get", ["proxy"]],
  ["/debug/pprof/", notFound, "get", ["proxy"]],
];

for (const [path, route, verb, subresources] of rows) {
  test(path, () => {
    assert.equal(routeOf(path), route);
    const attributes = attributesOf("GET", path, "n");
    assert.equal(attributes.map((each) => each.subresource), subresources);
    for (const { subresource: _, ...rest } of attributes) {
      assert.equal(rest, { group: "", version: "v1", resource: "nodes", name: "n", verb });
    }
  });
}

const verbs: readonly (readonly [string, string])[] = [
  ["GET", "get"],
  ["HEAD", "get"],
  ["POST", "create"],
  ["PUT", "update"],
  ["PATCH", "patch"],
  ["DELETE", "delete"],
  ["OPTIONS", "options"],
  ["constructor", "constructor"],
];

for (const [method, verb] of verbs) {
  test(`${method} asks to ${verb}`, () => {
    assert.is(attributesOf(method, "/pods", "n")[0]?.verb, verb);
    assert.is(attributesOf(method, "/exec/a/b/c", "n")[0]?.verb, "create");
  });
}

test("property: nothing that runs commands is ever asked for with another verb than create", () => {
  const segment = fc.constantFrom(
    "exec",
    "attach",
    "portForward",
    "run",
    "metrics",
    "..",
    ".",
    "",
    "%2e%2e",
    "a",
    "%65xec",
    "\\",
  );
  const paths = fc.array(segment, { maxLength: 7 }).map((segments) =>
    new URL(`https://n/${segments.join("/")}`).pathname
  );
  fc.assert(fc.property(paths, (path) => {
    const route = routeOf(path);
    const streams = isStreamRoute(route) || route._tag === "Run";
    return !streams ||
      attributesOf("GET", path, "n").every((each) => each.verb === "create" && each.subresource === "proxy");
  }));
});

test("property: a path is always one route, with methods, and with attributes", () => {
  fc.assert(fc.property(fc.webPath(), fc.string(), (path, method) => {
    const route = routeOf(path);
    return (route._tag === "NotFound" || methodsOf(route).length > 0) &&
      attributesOf(method, path, "n").length > 0;
  }));
});

test.run();
