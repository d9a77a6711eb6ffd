import { suite } from "uvu";
import * as assert from "uvu/assert";
import { silenced, silentUntil } from "../../../../adapters/apiserver/controllers/node_silence.ts";
import { type Eviction, taintChange } from "../../../../adapters/apiserver/controllers/node_taints.ts";
import {
  countsAfter,
  evictionIn,
  type Zones,
  zonesOf,
} from "../../../../adapters/apiserver/controllers/node_zones.ts";
import { defaultControlSettings } from "../../../../adapters/apiserver/controllers/settings.ts";
import type { Change } from "../../../../adapters/apiserver/response.ts";
import type { ApiObject, JsonObject } from "../../../../adapters/apiserver/object.ts";
import { storedNode } from "../../../tools/controller_objects.ts";

const test = suite("node lifecycle: silence, taints, zones");

const now = { mono: 1_000_000, wall: Date.UTC(2026, 0, 2) };
const time = "2026-01-02T00:00:00Z";

const node = (ready: string, taints: readonly string[] = [], rest: JsonObject = {}): ApiObject =>
  storedNode("n", {
    spec: {
      taints: taints.map((text) => {
        const [key = "", effect = ""] = text.split(":");
        return { key, effect };
      }),
      ...rest,
    },
    status: { conditions: ready === "" ? [] : [{ type: "Ready", status: ready }] },
  });

const k = "node.kubernetes.io";

/** What taints become, or nothing when they stay. */
const changes: readonly (readonly [string, ApiObject, Eviction, readonly string[] | undefined])[] = [
  ["a ready node", node("True"), "evict", undefined],
  [
    "taints of others stay",
    node("True", ["mine:NoSchedule", `${k}/unreachable:PreferNoSchedule`]),
    "evict",
    undefined,
  ],
  ["a node that is ready again", node("True", [`${k}/not-ready:NoSchedule`, "mine:NoExecute"]), "evict", [
    "mine:NoExecute",
  ]],
  ["a new node that says nothing", node("", [`${k}/not-ready:NoSchedule`]), "stop", []],
  ["not ready", node("False"), "evict", [`${k}/not-ready:NoSchedule`, `${k}/not-ready:NoExecute`]],
  ["silent", node("Unknown"), "evict", [`${k}/unreachable:NoSchedule`, `${k}/unreachable:NoExecute`]],
  [
    "not ready, with the taints",
    node("False", [`${k}/not-ready:NoSchedule`, `${k}/not-ready:NoExecute`]),
    "evict",
    undefined,
  ],
  [
    "not ready, then silent",
    node("Unknown", [`${k}/not-ready:NoSchedule`, `${k}/not-ready:NoExecute`]),
    "evict",
    [`${k}/unreachable:NoSchedule`, `${k}/unreachable:NoExecute`],
  ],
  ["most of its zone is gone", node("Unknown"), "hold", [`${k}/unreachable:NoSchedule`]],
  [
    "most of its zone is gone, but it is being emptied",
    node("Unknown", [`${k}/unreachable:NoSchedule`, `${k}/unreachable:NoExecute`]),
    "hold",
    undefined,
  ],
  [
    "every node is gone",
    node("Unknown", [`${k}/unreachable:NoSchedule`, `${k}/unreachable:NoExecute`]),
    "stop",
    [`${k}/unreachable:NoSchedule`],
  ],
  ["cordoned", node("True", [], { unschedulable: true }), "evict", [`${k}/unschedulable:NoSchedule`]],
  ["no more cordoned", node("True", [`${k}/unschedulable:NoSchedule`]), "evict", []],
];

for (const [what, before, eviction, expected] of changes) {
  test(`taints: ${what}`, () => {
    const [request, ...more] = taintChange(before, eviction, now);
    assert.is(more.length, 0);
    const body = request?.body === undefined ? undefined : JSON.parse(request.body);
    assert.equal(
      body?.spec.taints.map(({ key, effect }: Record<string, string>) => `${key}:${effect}`),
      expected,
    );
    if (body !== undefined) assert.is(body.metadata.resourceVersion, "1");
  });
}

test("a taint that is added says when", () => {
  const [request] = taintChange(node("Unknown", ["mine:NoSchedule"]), "stop", now);
  assert.equal(JSON.parse(request?.body ?? "").spec.taints, [
    { key: "mine", effect: "NoSchedule" },
    { key: `${k}/unreachable`, effect: "NoSchedule", timeAdded: time },
  ]);
});

test("a silent node's conditions are unknown, and its last heartbeat stays", () => {
  const before = storedNode("n", {
    status: {
      conditions: [{
        type: "Ready",
        status: "True",
        reason: "KubeletReady",
        lastHeartbeatTime: "2026-01-01T23:00:00Z",
      }],
    },
  });
  const [request] = silenced(before, now);
  const { conditions } = JSON.parse(request?.body ?? "").status;
  assert.equal(conditions[0], {
    type: "Ready",
    status: "Unknown",
    reason: "NodeStatusUnknown",
    message: "Kubelet stopped posting node status.",
    lastHeartbeatTime: "2026-01-01T23:00:00Z",
    lastTransitionTime: time,
  });
  assert.equal(conditions.slice(1).map(({ type, reason }: Record<string, string>) => [type, reason]), [
    ["MemoryPressure", "NodeStatusNeverUpdated"],
    ["DiskPressure", "NodeStatusNeverUpdated"],
    ["PIDPressure", "NodeStatusNeverUpdated"],
  ]);
  assert.equal(silenced({ ...before, status: { conditions } }, now), []);
});

test("a node that has said nothing has longer", () => {
  assert.is(silentUntil(node("True"), 1_000, defaultControlSettings), 51_000);
  assert.is(silentUntil(node(""), 1_000, defaultControlSettings), 61_000);
});

/** Zones as `a: TTF` (ready, ready, not). */
const zones: readonly (readonly [string, Zones])[] = [
  ["", {}],
  ["a:T", { "/a": "evict" }],
  ["a:F", { "/a": "stop" }],
  ["a:TF", { "/a": "evict" }],
  ["a:TFF", { "/a": "evict" }],
  ["a:TFFF", { "/a": "hold" }],
  ["a:TTTFFF", { "/a": "evict" }],
  ["a:FFF b:T", { "/a": "evict", "/b": "evict" }],
  ["a:FFF b:F", { "/a": "stop", "/b": "stop" }],
  [`a:T${"F".repeat(60)}`, { "/a": "evict" }],
];

for (const [text, expected] of zones) {
  test(`zones: ${text}`, () => {
    const nodes = text.split(" ").filter((part) => part !== "").flatMap((part) => {
      const [zone = "", readiness = ""] = part.split(":");
      return [...readiness].map((letter, index) =>
        storedNode(`${zone}${index}`, {
          metadata: { labels: { "topology.kubernetes.io/zone": zone } },
          status: { conditions: [{ type: "Ready", status: letter === "T" ? "True" : "Unknown" }] },
        })
      );
    });
    const added = nodes.map((object): Change => ({ revision: 1, resource: "nodes", type: "ADDED", object }));
    const counts = countsAfter({}, added), found = zonesOf(counts, defaultControlSettings);
    assert.equal(found, expected);
    assert.equal(countsAfter(counts, added.map((change) => ({ ...change, type: "DELETED" }))), {});
    for (const each of nodes) assert.ok(Object.values(expected).includes(evictionIn(found, each)));
  });
}

test.run();
