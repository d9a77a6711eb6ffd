import { suite } from "uvu";
import * as assert from "uvu/assert";
import { absentKinds } from "../../../adapters/apiserver/discovery/absent.ts";
import { documentsOf } from "../../../adapters/apiserver/discovery/documents.ts";
import { kinds } from "../../../adapters/apiserver/kinds/kinds.ts";
import { makeApiServer } from "../../../adapters/apiserver/server/api_server.ts";

const test = suite("what the API server says that it is");

const server = makeApiServer({ controllers: false });
test.after(() => server.close());

const isServed = ({ group, plural }: { readonly group: string; readonly plural: string }): boolean =>
  kinds.some((kind) => kind.group === group && kind.plural === plural);

for (const absent of absentKinds.filter((kind) => !isServed(kind))) {
  const { group, version, kind, plural, namespaced } = absent;
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const path = `${root}/${namespaced ? "namespaces/default/" : ""}${plural}`;

  test(`${kind}: known by name, and every request says why there is none`, () => {
    const listed = server.get(root).resources.find(({ name }: { name: string }) => name === plural);
    assert.equal([listed.kind, listed.namespaced, listed.verbs], [kind, namespaced, []]);
    const body = { apiVersion: root.slice(root.indexOf("/", 1) + 1), kind, metadata: { name: "x" } };
    for (
      const [method, at] of [
        ["GET", path],
        ["POST", path],
        ["GET", `${path}/x`],
        ["PUT", `${path}/x`],
        ["DELETE", `${path}/x`],
        ["PATCH", `${path}/x`],
      ] as const
    ) {
      const answer = server.ask(method, at, method === "GET" || method === "DELETE" ? undefined : body);
      assert.equal([answer.status, answer.body.reason], [404, "NotFound"], `${method} ${at}`);
      assert.match(
        answer.body.message,
        new RegExp(`not a Kubernetes distribution: it has no ${kind} .*use a real cluster`),
      );
      assert.is(answer.body.details.kind, plural);
    }
    const document = server.get(`/openapi/v3/${root.slice(1)}`);
    const described = Object.values(document.paths).some((each: any) =>
      each.patch?.["x-kubernetes-group-version-kind"].kind === kind &&
      each.patch.parameters.some(({ name }: { name: string }) => name === "fieldValidation")
    );
    assert.ok(described, "kubectl asks the server instead of checking itself");
  });
}

test("a kind that is served is never called absent", () => {
  const { plain } = documentsOf(kinds);
  for (const kind of kinds) {
    const root = kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
    const resources = (plain[root] as any).resources.filter(({ name }: { name: string }) =>
      name === kind.plural
    );
    assert.is(resources.length, 1, kind.plural);
    assert.ok(resources[0].verbs.length > 0, kind.plural);
  }
});

test("the root names what is there", () => {
  const { paths } = server.get("/");
  for (const path of ["/api/v1", "/apis", "/apis/policy", "/healthz", "/version"]) {
    assert.ok(paths.includes(path), path);
  }
});

test.run();
