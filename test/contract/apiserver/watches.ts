import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Target, WatchNews } from "./target.ts";

const mergePatch = "application/merge-patch+json";

type Query = Readonly<Record<string, string>>;

/** `ADDED a 1`: what happened to whom, and the value of its label. */
const told = ({ type, object }: WatchNews): string =>
  `${type} ${object.metadata.name} ${object.metadata.labels?.x ?? ""}`.trim();

/** Watches: where they begin, what they tell of a selection, bookmarks, how they end. */
export const watchesContract = (target: Target): void => {
  const test = suite(`${target.name}: watches`);
  const { send } = target;

  /** ConfigMaps of a namespace; all have the label `own`, so that others in it are not seen. */
  const collection = async () => {
    const path = `/api/v1/namespaces/${await target.namespace()}/configmaps`;
    const create = async (name: string, x: string): Promise<any> =>
      (await send("POST", path, { body: { metadata: { name, labels: { own: "yes", x } } } })).body;
    const label = async (name: string, x: string): Promise<any> =>
      (await send("PATCH", `${path}/${name}`, {
        body: { metadata: { labels: { x } } },
        contentType: mergePatch,
      })).body;
    const remove = (name: string) => send("DELETE", `${path}/${name}`);
    /** The first events of a watch. */
    const watched = async (query: Query, count: number): Promise<readonly WatchNews[]> => {
      const watch = await target.watch(path, { query: { labelSelector: "own", ...query } });
      const events: WatchNews[] = [];
      while (events.length < count) {
        const event = await watch.next();
        if (event === undefined) break;
        events.push(event);
      }
      watch.close();
      return events;
    };
    return { path, create, label, remove, watched };
  };

  test("without a version a watch begins with what there is, then tells what changes", async () => {
    const { path, create, label, remove } = await collection();
    await create("a", "1");
    await create("b", "1");
    const queries: readonly Query[] = [{}, { resourceVersion: "0" }];
    for (const [round, query] of queries.entries()) {
      const watch = await target.watch(path, { query: { labelSelector: "own", ...query } });
      assert.is(watch.status, 200);
      const first = [await watch.next(), await watch.next()].map((event) => event && told(event)).sort();
      assert.equal(first, [`ADDED a ${1 + round}`, "ADDED b 1"]);
      const changed = await label("a", `${2 + round}`);
      const event = await watch.nextOf("a");
      assert.is(told(event), `MODIFIED a ${2 + round}`);
      assert.is(event.object.metadata.resourceVersion, changed.metadata.resourceVersion);
      assert.equal([event.object.kind, event.object.apiVersion], ["ConfigMap", "v1"]);
      watch.close();
    }
    const watch = await target.watch(path, { query: { labelSelector: "own", resourceVersion: "0" } });
    await remove("b");
    while (told(await watch.nextOf("b")) !== "DELETED b 1");
    watch.close();
  });

  test("from a version on a watch tells everything that changed after it, in order", async () => {
    const { create, label, remove, watched } = await collection();
    const { metadata: { resourceVersion } } = await create("a", "1");
    const second = await label("a", "2");
    await create("b", "1");
    await remove("b");
    const events = await watched({ resourceVersion }, 3);
    assert.equal(events.map(told), ["MODIFIED a 2", "ADDED b 1", "DELETED b 1"]);
    const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
    assert.is(versions[0], Number(second.metadata.resourceVersion));
    assert.equal(versions, [...versions].sort((a, b) => a - b));
    assert.is(new Set(versions).size, 3);
    assert.equal((await watched({ resourceVersion: `${versions[1]}` }, 1)).map(told), ["DELETED b 1"]);
  });

  test("who enters a selection is added, who leaves it is deleted as it was last seen", async () => {
    const { create, label, remove, watched } = await collection();
    const { metadata: { resourceVersion } } = await create("a", "1");
    const left = await label("a", "2");
    await label("a", "1");
    await remove("a");
    const ones = await watched({ resourceVersion, labelSelector: "x=1" }, 3);
    assert.equal(ones.map(told), ["DELETED a 1", "ADDED a 1", "DELETED a 1"]);
    assert.is(ones[0]?.object.metadata.resourceVersion, left.metadata.resourceVersion);
    const twos = await watched({ resourceVersion, labelSelector: "x=2" }, 2);
    assert.equal(twos.map(told), ["ADDED a 2", "DELETED a 2"]);
    const named = await watched({ resourceVersion, fieldSelector: "metadata.name=a" }, 3);
    assert.equal(named.map(told), ["MODIFIED a 2", "MODIFIED a 1", "DELETED a 1"]);
  });

  test("a watch of all namespaces sees them all", async () => {
    const one = await collection(), two = await collection();
    const { metadata: { resourceVersion } } = await one.create("here", "1");
    await two.create("there", "1");
    const watch = await target.watch("/api/v1/configmaps", {
      query: { labelSelector: "own", resourceVersion },
    });
    const event = await watch.nextOf("there");
    assert.is(event.object.metadata.namespace, two.path.split("/")[4]);
    watch.close();
  });

  test("a deletion in steps is told in steps", async () => {
    const path = `/api/v1/namespaces/${await target.namespace()}/pods`;
    const spec = { nodeName: "no-such-node", containers: [{ name: "c", image: "i" }] };
    const { body } = await send("POST", path, { body: { metadata: { name: "a" }, spec } });
    await send("DELETE", `${path}/a`, { body: { gracePeriodSeconds: 5 } });
    await send("DELETE", `${path}/a`, { body: { gracePeriodSeconds: 0 } });
    const watch = await target.watch(path, { query: { resourceVersion: body.metadata.resourceVersion } });
    const steps: unknown[] = [];
    while (steps.length < 3) {
      const { type, object } = await watch.nextOf("a");
      steps.push([type, object.metadata.deletionGracePeriodSeconds]);
    }
    assert.equal(steps, [["MODIFIED", 5], ["MODIFIED", 0], ["DELETED", 0]]);
    watch.close();
  });

  test("sendInitialEvents: what there is, a bookmark that says so, and what changes", async () => {
    const { path, create, label } = await collection();
    await create("a", "1");
    const query = {
      labelSelector: "own",
      sendInitialEvents: "true",
      resourceVersionMatch: "NotOlderThan",
      allowWatchBookmarks: "true",
    };
    const watch = await target.watch(path, { query });
    assert.is(told((await watch.next())!), "ADDED a 1");
    const end = await watch.next();
    assert.is(end?.type, "BOOKMARK");
    assert.equal(end?.object.metadata.annotations, { "k8s.io/initial-events-end": "true" });
    assert.equal([end?.object.kind, end?.object.apiVersion], ["ConfigMap", "v1"]);
    assert.match(end?.object.metadata.resourceVersion, /^\d+$/);
    await label("a", "2");
    assert.is(told(await watch.nextOf("a")), "MODIFIED a 2");
    watch.close();
  });

  test("sendInitialEvents=false: only what changes", async () => {
    const { create, label, watched } = await collection();
    const { metadata: { resourceVersion } } = await create("a", "1");
    await label("a", "2");
    const query = { sendInitialEvents: "false", resourceVersionMatch: "NotOlderThan", resourceVersion };
    assert.equal((await watched(query, 1)).map(told), ["MODIFIED a 2"]);
  });

  test("a watch ends after timeoutSeconds, with a bookmark when it may have one", async () => {
    const { path, create } = await collection();
    const { metadata: { resourceVersion } } = await create("a", "1");
    const plain = await target.watch(path, { query: { resourceVersion, timeoutSeconds: "1" } });
    assert.is(await plain.next(), undefined);
    const query = { resourceVersion, timeoutSeconds: "1", allowWatchBookmarks: "true" };
    const marked = await target.watch(path, { query });
    const types: string[] = [];
    for (let event = await marked.next(); event !== undefined; event = await marked.next()) {
      types.push(event.type);
      assert.ok(Number(event.object.metadata.resourceVersion) >= Number(resourceVersion));
    }
    assert.ok(types.every((type) => type === "BOOKMARK"), types.join());
  });

  test("a version of the future is waited for", async () => {
    const { path, create } = await collection();
    const watch = await target.watch(path, { query: { resourceVersion: "99999999", timeoutSeconds: "1" } });
    assert.is(watch.status, 200);
    await create("a", "1");
    const event = await watch.next();
    // the real one gives up after a while, or ends
    assert.ok(event === undefined || event.type === "ERROR", JSON.stringify(event));
    watch.close();
  });

  test("faults of options are answered, not streamed", async () => {
    const { path } = await collection();
    const rows: readonly (readonly [Query, number, string])[] = [
      [
        { resourceVersion: "x" },
        500,
        `resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax`,
      ],
      [{ timeoutSeconds: "x" }, 400, `strconv.ParseInt: parsing "x": invalid syntax`],
      [{ labelSelector: "!!" }, 400, "unable to parse requirement: found '!', expected: identifier"],
      [
        { fieldSelector: "a=b" },
        400,
        `"a" is not a known field selector: only "metadata.name", "metadata.namespace"`,
      ],
      [
        { resourceVersion: "1", resourceVersionMatch: "NotOlderThan" },
        422,
        `ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for ` +
        "watch unless sendInitialEvents is provided",
      ],
      [
        { sendInitialEvents: "true" },
        422,
        `ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting ` +
        "resourceVersionMatch to NotOlderThan",
      ],
    ];
    for (const [query, code, message] of rows) {
      const watch = await target.watch(path, { query });
      assert.is(watch.status, code, JSON.stringify(query));
      assert.is((await watch.next())?.object.message, message);
      watch.close();
    }
  });

  test("the path of one object is no watch", async () => {
    const { path, create } = await collection();
    await create("a", "1");
    const { status, body } = await send("GET", `${path}/a`, { query: { watch: "true" } });
    assert.equal([status, body.kind, body.metadata.name], [200, "ConfigMap", "a"]);
  });

  test.run();
};
