import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { JsonObject } from "../../../adapters/apiserver/object.ts";
import { advance } from "../../../adapters/apiserver/watch/advance.ts";
import type { Watch, WatchEvent } from "../../../adapters/apiserver/watch/watch.ts";
import { type Held, held } from "../../tools/api_state.ts";
import fc, { share } from "../../tools/fast_check.ts";

const test = suite("a watch, from wherever it begins");

const namespaces = ["default", "kube-public"] as const;

type Step =
  | {
    readonly _tag: "Put" | "Delete" | "Release";
    readonly namespace: string;
    readonly name: string;
    readonly x: string;
    readonly held: boolean;
  }
  | { readonly _tag: "Other" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      _tag: fc.constantFrom("Put" as const, "Put" as const, "Delete" as const, "Release" as const),
      namespace: fc.constantFrom(...namespaces),
      name: fc.constantFrom("a", "b", "c", "d"),
      x: fc.constantFrom("1", "2"),
      held: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ _tag: "Other" as const }) },
);

const perform = (server: Held, taken: Step, index: number): void => {
  if (taken._tag === "Other") {
    server.ask("POST", "/api/v1/namespaces/default/secrets", { body: { metadata: { name: `s${index}` } } });
    return;
  }
  const { namespace, name, x } = taken, collection = `/api/v1/namespaces/${namespace}/configmaps`;
  const at = `${collection}/${name}`;
  const finalizers = taken.held ? ["example.com/x"] : [];
  if (taken._tag === "Delete") server.ask("DELETE", at);
  else if (taken._tag === "Release") {
    const body = { metadata: { finalizers: null } };
    server.ask("PATCH", at, { body, contentType: "application/merge-patch+json" });
  } else if (
    server.ask("POST", collection, { body: { metadata: { name, labels: { x }, finalizers } } }).code === 409
  ) {
    server.ask("PATCH", at, {
      body: { metadata: { labels: { x } } },
      contentType: "application/merge-patch+json",
    });
  }
};

const keyOf = ({ metadata }: any): string => `${metadata.namespace}/${metadata.name}`;

type Seen = Map<string, string>;

const seenIn = (list: any): Seen =>
  new Map(list.items.map((item: any) => [keyOf(item), item.metadata.resourceVersion]));

/** What somebody has who follows a watch; an event that cannot follow what was told before is a fault. */
const follow = (seen: Seen, events: readonly WatchEvent[]): void => {
  for (const { type, object } of events) {
    const key = keyOf(object), version = (object as JsonObject as any).metadata.resourceVersion;
    if (type === "BOOKMARK") continue;
    assert.is(seen.has(key), type !== "ADDED", `${type} ${key}`);
    if (type === "DELETED") seen.delete(key);
    else seen.set(key, version);
  }
};

const opened = (server: Held, path: string, query: Readonly<Record<string, string>>) => {
  const { response } = server.ask("GET", path, { query: { ...query, watch: "true" } });
  if (response._tag !== "Watch") throw new Error(JSON.stringify(response));
  return response;
};

const queries: readonly Readonly<Record<string, string>>[] = [
  {},
  { labelSelector: "x=1" },
  { labelSelector: "x!=1" },
  { fieldSelector: "metadata.name=a" },
];

const paths = ["/api/v1/configmaps", "/api/v1/namespaces/default/configmaps"];

test("list and watch from any version come to what a list shows", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.nat(40),
      fc.constantFrom(...queries),
      fc.constantFrom(...paths),
      fc.boolean(),
      (steps, cut, query, path, bookmarks) => {
        const server = held();
        steps.slice(0, cut).forEach((taken, index) => perform(server, taken, index));
        const list = server.ask("GET", path, { query }).body;
        const early = opened(server, path, {
          ...query,
          ...(bookmarks ? { allowWatchBookmarks: "true" } : {}),
        });
        const live: Seen = new Map();
        follow(live, early.events);
        let watch: Watch = early.watch;
        for (const [index, taken] of steps.slice(cut).entries()) {
          const from = server.changes.length;
          perform(server, taken, 100 + index);
          server.wait(20_000);
          const next = advance(server.state, watch, server.changes.slice(from), server.now);
          follow(live, next.events);
          watch = next.watch;
        }
        const late = opened(server, path, { ...query, resourceVersion: list.metadata.resourceVersion });
        const replayed = seenIn(list);
        follow(replayed, late.events);
        const now = seenIn(server.ask("GET", path, { query }).body);
        assert.equal([...replayed].sort(), [...now].sort());
        assert.equal([...live].sort(), [...now].sort());
      },
    ),
    share(0.2),
  );
});

test("what a list showed can be asked for again, while the history lasts", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.nat(40), (steps, cut) => {
      const server = held();
      steps.slice(0, cut).forEach((taken, index) => perform(server, taken, index));
      const list = server.ask("GET", "/api/v1/configmaps").body;
      steps.slice(cut).forEach((taken, index) => perform(server, taken, 100 + index));
      const { resourceVersion } = list.metadata;
      const query = { resourceVersion, resourceVersionMatch: "Exact" };
      assert.equal(server.ask("GET", "/api/v1/configmaps", { query }).body, list);
    }),
    share(0.2),
  );
});

test("a watch whose resource did not change stays the same value", () => {
  const server = held();
  const { watch } = opened(server, "/api/v1/configmaps", { resourceVersion: "0" });
  const from = server.changes.length;
  server.ask("POST", "/api/v1/namespaces/default/secrets", { body: { metadata: { name: "s" } } });
  const next = advance(server.state, watch, server.changes.slice(from), server.now);
  assert.is(next.watch, watch);
  assert.equal([next.events, next.ended], [[], false]);
});

test("bookmarks come about every minute and before the end", () => {
  const server = held();
  const query = { resourceVersion: "0", allowWatchBookmarks: "true", timeoutSeconds: "200" };
  let { watch } = opened(server, "/api/v1/configmaps", query);
  const at: number[] = [];
  for (let second = 1; second <= 200; second++) {
    server.wait(1000);
    const next = advance(server.state, watch, [], server.now);
    if (next.events.length > 0) at.push(second);
    assert.ok(next.events.every(({ type }) => type === "BOOKMARK"));
    assert.is(next.ended, second === 200);
    watch = next.watch;
  }
  assert.equal(at, [60, 120, 180, 198]);
});

test.run();
