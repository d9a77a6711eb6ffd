import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ClientError } from "../../../../adapters/cli/client/client_error.ts";
import { resourcesOf } from "../../../../adapters/cli/client/discovery.ts";
import { nextText, objectsText } from "../../../../adapters/cli/client/format.ts";
import { manifestsOf } from "../../../../adapters/cli/client/manifests.ts";
import {
  collectionPath,
  findResource,
  objectName,
  objectPath,
  type Resource,
  resourceName,
  resourceOfKind,
} from "../../../../adapters/cli/client/resource.ts";
import { alignedLines, cellsOf, headOf, textTable, widthsOf } from "../../../../adapters/cli/client/table.ts";

const test = suite("client commands, as values");

const discovered = {
  kind: "APIGroupDiscoveryList",
  items: [
    {
      metadata: { name: "" },
      versions: [{
        version: "v1",
        resources: [
          {
            ...{ resource: "pods", singularResource: "pod", shortNames: ["po"], scope: "Namespaced" },
            ...{ responseKind: { kind: "Pod" }, verbs: ["get", "list"] },
          },
          {
            resource: "nodes",
            singularResource: "node",
            scope: "Cluster",
            responseKind: { kind: "Node" },
            verbs: [],
          },
          {
            resource: "events",
            singularResource: "event",
            scope: "Namespaced",
            responseKind: { kind: "Event" },
            verbs: [],
          },
        ],
      }],
    },
    {
      metadata: { name: "events.k8s.io" },
      versions: [{
        version: "v1",
        resources: [
          {
            resource: "events",
            singularResource: "event",
            scope: "Namespaced",
            responseKind: { kind: "Event" },
            verbs: [],
          },
        ],
      }],
    },
  ],
};

const resources = resourcesOf(discovered);
const find = (word: string): Resource => {
  const found = findResource(resources, word);
  if (found === undefined) throw new Error(`nothing is found for ${word}`);
  return found;
};

const words: readonly (readonly [string, string])[] = [
  ["pods", "pods"],
  ["pod", "pods"],
  ["po", "pods"],
  ["Pod", "pods"],
  ["nodes", "nodes"],
  ["events", "events"],
  ["events.events.k8s.io", "events.events.k8s.io"],
  ["events.v1.events.k8s.io", "events.events.k8s.io"],
];

for (const [word, wanted] of words) {
  test(`${word} means ${wanted}`, () => assert.is(resourceName(find(word)), wanted));
}

test("what is not there is not found", () => {
  for (const word of ["", "deployments", "pods.apps", "po.v2"]) {
    assert.is(findResource(resources, word), undefined);
  }
  assert.is(resourceOfKind(resources, "v1", "Pod")?.plural, "pods");
  assert.is(resourceOfKind(resources, "events.k8s.io/v1", "Event")?.group, "events.k8s.io");
  assert.is(resourceOfKind(resources, "v2", "Pod"), undefined);
});

test("paths", () => {
  assert.is(collectionPath(find("pods"), undefined), "/api/v1/pods");
  assert.is(collectionPath(find("pods"), "a b"), "/api/v1/namespaces/a%20b/pods");
  assert.is(objectPath(find("nodes"), "default", "n/1"), "/api/v1/nodes/n%2F1");
  assert.is(
    objectPath(find("events.events.k8s.io"), "default", "e"),
    "/apis/events.k8s.io/v1/namespaces/default/events/e",
  );
  assert.is(objectName(find("pods"), "web"), "pod/web");
  assert.is(objectName(find("events.events.k8s.io"), "e"), "event.events.k8s.io/e");
});

const table = {
  columnDefinitions: [{ name: "Name", priority: 0 }, { name: "Ready", priority: 0 }, {
    name: "IP",
    priority: 1,
  }],
  rows: [
    { cells: ["web", "1/1", "10.0.0.1"], object: { metadata: { namespace: "shop" } } },
    { cells: ["更多", null, "a\nb"], object: { metadata: { namespace: "default" } } },
  ],
};

const lines = (wide: boolean, everywhere: boolean): readonly string[] => {
  const { columns, rows } = textTable(table, wide);
  return alignedLines([headOf(columns, everywhere), ...cellsOf(rows, everywhere)]);
};

test("tables", () => {
  assert.equal(lines(false, false), ["NAME   READY", "web    1/1", "更多"]);
  assert.equal(lines(true, true), [
    "NAMESPACE   NAME   READY   IP",
    "shop        web    1/1     10.0.0.1",
    "default     更多           a b",
  ]);
});

test("a watch's table goes on under the columns of the first, which get wider when they must", () => {
  const rows = [{ cells: ["a-long-name", "0/1", ""], object: {} }];
  const next = textTable({ rows }, false, table.columnDefinitions);
  const before = widthsOf([["NAME", "READY"], ["web", "1/1"]]);
  const cells = cellsOf(next.rows, false);
  assert.equal(before, [4, 5]);
  assert.equal(widthsOf(cells, before), [11, 5]);
  assert.equal(alignedLines(cells, widthsOf(cells, before)), ["a-long-name   0/1"]);
});

const pod = {
  metadata: { name: "web", managedFields: [{}], annotations: { a: "no", b: "2026-01-01T00:00:00Z" } },
};

test("objects as YAML, JSON and names", () => {
  const resource = find("pods");
  assert.is(objectsText("name", [pod, pod], resource, false), "pod/web\npod/web\n");
  const yaml =
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations:\n    a: "no"\n    b: "2026-01-01T00:00:00Z"\n`;
  assert.is(objectsText("yaml", [pod], resource, true), yaml);
  assert.is(nextText("yaml", pod, resource), `---\n${yaml}`);
  const list = JSON.parse(objectsText("json", [pod], resource, false));
  assert.is(list.kind, "List");
  assert.equal(Object.keys(list.items[0].metadata), ["name", "annotations"]);
});

const manifest = (name: string): string => `{apiVersion: v1, kind: Pod, metadata: {name: ${name}}}`;

test("manifests: documents, JSON, lists, empty ones", () => {
  const names = (text: string): readonly string[] =>
    manifestsOf("f.yaml", text).map(({ object }) => object.metadata.name);
  assert.equal(names(`${manifest("a")}\n---\n---\n# nothing\n---\n${manifest("b")}\n`), ["a", "b"]);
  assert.equal(
    names(
      `{"apiVersion":"v1","kind":"List","items":[${
        JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "c" } })
      }]}`,
    ),
    ["c"],
  );
  assert.equal(names(""), []);
});

const wrong: readonly (readonly [string, RegExp])[] = [
  ["a: [", /^f\.yaml: this is no YAML: /],
  ["just text", /^f\.yaml: this is no Kubernetes object: apiVersion and kind and metadata\.name missing$/],
  ["{apiVersion: v1, kind: Pod, metadata: {}}", /metadata\.name missing/],
];

for (const [text, message] of wrong) {
  test(`wrong: ${text}`, () => {
    try {
      manifestsOf("f.yaml", text);
    } catch (error) {
      assert.instance(error, ClientError);
      return assert.match((error as Error).message, message);
    }
    throw new Error("it was taken");
  });
}

test.run();
