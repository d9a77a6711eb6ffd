import { suite } from "uvu";
import * as assert from "uvu/assert";
import { servedResources } from "./served_resources.ts";
import type { Target } from "./target.ts";

const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

interface Resource {
  readonly name: string;
  readonly storageVersionHash?: string;
  readonly [field: string]: unknown;
}

const allVerbs = "create,delete,deletecollection,get,list,patch,update,watch";

const listOf = (text: string): string[] | undefined => text === "-" ? undefined : text.split(",");

/** `metav1.APIResource` of a line. */
const resourceOf = (line: string): readonly [path: string, resource: Resource] => {
  const [path = "", singular, kind, scope, verbs = "", short = "-", categories = "-", foreign = "-"] = line
    .split(" ");
  const [, list = "", name = ""] = /^(\/api\/v1|\/apis\/[^/]+\/v1)\/(.*)$/.exec(path) ?? [];
  const [group = "", version] = foreign === "-" ? [] : foreign.split("/");
  const resource: Resource = {
    name,
    singularName: singular === "-" ? "" : singular,
    namespaced: scope === "namespaced",
    ...(group === "" ? {} : { group }),
    ...(version === undefined ? {} : { version }),
    kind,
    verbs: (verbs === "all" ? allVerbs : verbs).split(","),
  };
  const shortNames = listOf(short), kinds = listOf(categories);
  return [list, {
    ...resource,
    ...(shortNames === undefined ? {} : { shortNames }),
    ...(kinds === undefined ? {} : { categories: kinds }),
  }];
};

const served = servedResources.trim().split("\n").map(resourceOf);

/** The lists of resources, by path. */
const lists: ReadonlyMap<string, readonly Resource[]> = new Map(
  served.map(([path]) => [path, served.filter(([other]) => other === path).map(([, resource]) => resource)]),
);

const inServed = (path: string) => ({ name }: Resource): boolean =>
  lists.get(path)?.some((resource) => resource.name === name) === true;

const unhashed = ({ storageVersionHash: _, ...resource }: Resource): unknown => resource;

interface Discovered {
  readonly resource: string;
  readonly subresource?: string;
  readonly responseKind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly scope: string;
  readonly singularResource: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly Discovered[];
}

const flat = (
  { responseKind: { group, version, kind }, verbs, shortNames, categories }: Discovered,
  name: string,
  scope: string,
  singularName: string,
): Resource => ({
  name,
  singularName,
  namespaced: scope === "Namespaced",
  ...(group === "" ? {} : { group }),
  ...(version === "" ? {} : { version }),
  kind,
  verbs,
  ...(shortNames === undefined ? {} : { shortNames }),
  ...(categories === undefined ? {} : { categories }),
});

/** Discovered resources as the older documents have them. */
const flattened = (resources: readonly Discovered[]): readonly Resource[] =>
  resources.flatMap((each) => [
    flat(each, each.resource, each.scope, each.singularResource),
    ...(each.subresources ?? []).map((sub) =>
      flat(sub, `${each.resource}/${sub.subresource}`, each.scope, "")
    ),
  ]);

/** Whoever wants to know what is served. */
export const discoveryContract = (target: Target): void => {
  const test = suite(`${target.name}: discovery`);
  const { send } = target;

  test("/api names the versions and where the server is", async () => {
    const { status, body } = await send("GET", "/api");
    assert.is(status, 200);
    assert.equal([body.kind, body.versions], ["APIVersions", ["v1"]]);
    const [{ clientCIDR, serverAddress }] = body.serverAddressByClientCIDRs;
    assert.is(clientCIDR, "0.0.0.0/0");
    assert.match(serverAddress, /:\d+$/);
  });

  test("/apis names the groups with their preferred version, and each group names itself", async () => {
    const { body } = await send("GET", "/apis");
    assert.equal([body.kind, body.apiVersion], ["APIGroupList", "v1"]);
    const groups = new Map<string, Record<string, unknown>>(
      body.groups.map((group: { name: string }) => [group.name, group]),
    );
    for (const path of [...lists.keys()].slice(1)) {
      const [, , name = ""] = path.split("/");
      const version = { groupVersion: `${name}/v1`, version: "v1" };
      assert.equal(groups.get(name), { name, versions: [version], preferredVersion: version });
      const own = await send("GET", `/apis/${name}`);
      assert.equal(own.body, { kind: "APIGroup", apiVersion: "v1", ...groups.get(name) });
      assert.equal((await send("GET", `/apis/${name}/`)).body, own.body);
    }
  });

  for (const [path, resources] of lists) {
    test(`${path} lists its resources as every client knows them`, async () => {
      const { status, body } = await send("GET", path);
      assert.is(status, 200);
      const [, prefix, ...version] = path.split("/");
      assert.is(body.kind, "APIResourceList");
      assert.is(body.apiVersion, prefix === "api" ? undefined : "v1");
      assert.is(body.groupVersion, version.join("/"));
      const names = body.resources.map(({ name }: Resource) => name);
      assert.equal(names, [...names].sort(), "in the order of names");
      assert.equal(body.resources.filter(inServed(path)).map(unhashed), resources);
    });
  }

  for (const path of ["/api", "/apis"]) {
    test(`${path} tells everything at once to who asks for it`, async () => {
      const accept = `${aggregated},application/json`;
      const { headers, body } = await send("GET", path, { headers: { accept } });
      assert.is(headers.get("content-type"), aggregated);
      assert.equal([body.kind, body.apiVersion, body.metadata], [
        "APIGroupDiscoveryList",
        "apidiscovery.k8s.io/v2",
        {},
      ]);
      for (const [listed, expected] of lists) {
        if (!listed.startsWith(`${path}/`)) continue;
        const group = path === "/api" ? undefined : listed.split("/")[2];
        const item = body.items.find(({ metadata }: { metadata: { name?: string } }) =>
          metadata.name === group
        );
        const [{ version, resources, freshness }] = item.versions;
        assert.equal([version, freshness], ["v1", "Current"]);
        assert.equal(flattened(resources).filter(inServed(listed)), expected);
      }
    });
  }

  test("the version is one that kubectl goes with", async () => {
    const { status, body } = await send("GET", "/version");
    assert.is(status, 200);
    assert.equal([body.major, body.minor], ["1", "36"]);
    assert.match(body.gitVersion, /^v1\.36\.\d+(\+[\w.-]+)?$/);
    assert.equal((await send("GET", "/version/")).body, body);
  });

  for (const path of ["/healthz", "/livez", "/readyz"]) {
    test(`${path} is ok, as a whole and in parts`, async () => {
      const plain = await send("GET", path);
      assert.equal([plain.status, plain.text], [200, "ok"]);
      assert.is(plain.headers.get("content-type"), "text/plain; charset=utf-8");
      const verbose = await send("GET", path, { query: { verbose: "" } });
      assert.match(verbose.text, /^\[\+\]ping ok\n(\[\+\][\w/-]+ ok\n)+\w+ check passed\n$/);
      assert.is((await send("GET", `${path}/ping`)).text, "ok");
      const without = await send("GET", path, { query: { verbose: "true", exclude: "ping" } });
      assert.match(without.text, /^\[\+\]ping excluded: ok\n/);
      const unknown = await send("GET", `${path}/nothing`);
      assert.equal([unknown.status, unknown.text], [404, "404 page not found\n"]);
    });
  }

  test("what is not there is told apart", async () => {
    for (const path of ["/nothing", "/apis/nothing.example.com", "/apis/nothing.example.com/v1"]) {
      const { status, text, headers } = await send("GET", path);
      assert.equal([status, text], [404, "404 page not found\n"], path);
      assert.is(headers.get("content-type"), "text/plain; charset=utf-8");
    }
    for (const path of ["/api/v9", "/apis/coordination.k8s.io/v9"]) {
      const { status, body } = await send("GET", path);
      assert.equal([status, body.reason, body.details], [404, "NotFound", {}], path);
      assert.is(body.message, "the server could not find the requested resource");
    }
  });

  test("nothing of it can be written", async () => {
    for (const path of ["/api", "/api/v1", "/apis/coordination.k8s.io/v1", "/version"]) {
      const { status, body } = await send("POST", path, { body: {} });
      assert.equal([status, body.reason], [405, "MethodNotAllowed"], path);
    }
  });

  test.run();
};
