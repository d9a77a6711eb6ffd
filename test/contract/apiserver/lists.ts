import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Target } from "./target.ts";

type Query = Readonly<Record<string, string>>;

/** Lists: order, pages, versions, selectors. */
export const listsContract = (target: Target): void => {
  const test = suite(`${target.name}: lists`);
  const { send } = target;

  /** ConfigMaps `c0` … `c6` with labels, and a reader of their names. */
  const seven = async () => {
    const path = `/api/v1/namespaces/${await target.namespace()}/configmaps`;
    for (let i = 0; i < 7; i++) {
      const labels = { own: "yes", i: `${i}`, odd: `${i % 2}` };
      await send("POST", path, { body: { metadata: { name: `c${i}`, labels } } });
    }
    const list = async (query: Query) => {
      const { status, body } = await send("GET", path, { query });
      const names: readonly string[] = (body.items ?? []).map((item: any) => item.metadata.name);
      return {
        status,
        body,
        names: names.filter((name) => name !== "kube-root-ca.crt"),
        meta: body.metadata,
      };
    };
    return { path, list };
  };

  test("a list is in the order of names; its items do not repeat their kind", async () => {
    const { list } = await seven();
    const { body, names, meta } = await list({});
    assert.equal([body.kind, body.apiVersion], ["ConfigMapList", "v1"]);
    assert.equal(names, ["c0", "c1", "c2", "c3", "c4", "c5", "c6"]);
    assert.equal([body.items[0].kind, body.items[0].apiVersion], [undefined, undefined]);
    assert.match(meta.resourceVersion, /^\d+$/);
    assert.is(meta.continue, undefined);
  });

  test("nothing is an empty list, also in a namespace that is not there", async () => {
    const { status, body } = await send("GET", "/api/v1/namespaces/there-is-none/configmaps");
    assert.equal([status, body.kind, body.items], [200, "ConfigMapList", []]);
  });

  test("pages show what there was when the first one was asked for", async () => {
    const { path, list } = await seven();
    const query = { limit: "3" };
    const first = await list(query);
    assert.equal(first.names, ["c0", "c1", "c2"]);
    const left = first.meta.remainingItemCount;
    assert.ok(left === 4 || left === 5, `${left}`);
    await send("POST", path, { body: { metadata: { name: "c3a" } } });
    await send("DELETE", `${path}/c4`);
    const second = await list({ ...query, continue: first.meta.continue });
    assert.equal(second.names, ["c3", "c4", "c5"]);
    assert.is(second.meta.resourceVersion, first.meta.resourceVersion);
    assert.is(second.meta.remainingItemCount, left - 3);
    const third = await list({ ...query, continue: second.meta.continue });
    assert.equal(third.names, ["c6"]);
    assert.equal([third.meta.continue, third.meta.remainingItemCount], [undefined, undefined]);
    const rest = await list({ continue: first.meta.continue });
    assert.equal(rest.names, ["c3", "c4", "c5", "c6"]);
    assert.equal((await list({ limit: "0", labelSelector: "i=4" })).names, []);
  });

  test("pages of a selection do not say how many are left", async () => {
    const { list } = await seven();
    const { names, meta } = await list({ limit: "2", labelSelector: "odd=1" });
    assert.equal(names, ["c1", "c3"]);
    assert.is(meta.remainingItemCount, undefined);
    const next = await list({ limit: "2", labelSelector: "odd=1", continue: meta.continue });
    assert.equal(next.names, ["c5"]);
  });

  test("faults of options", async () => {
    const { list } = await seven();
    const { meta } = await list({ limit: "1" });
    const rows: readonly (readonly [Query, number, string | RegExp])[] = [
      [{ limit: "x" }, 400, `strconv.ParseInt: parsing "x": invalid syntax`],
      [{ timeoutSeconds: "x" }, 400, `strconv.ParseInt: parsing "x": invalid syntax`],
      [{ continue: "bad" }, 400, /^invalid continue token: continue key is not valid: /],
      [
        { continue: meta.continue, resourceVersion: "5" },
        400,
        "specifying resource version is not allowed when using continue",
      ],
      [
        { resourceVersion: "abc" },
        400,
        `invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax`,
      ],
      [
        { resourceVersionMatch: "Exact" },
        422,
        `ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden ` +
        "unless resourceVersion is provided",
      ],
      [
        { resourceVersion: "0", resourceVersionMatch: "Exact" },
        422,
        `ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is ` +
        `forbidden for resourceVersion "0"`,
      ],
      [
        { resourceVersion: "5", resourceVersionMatch: "Z" },
        422,
        `ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Unsupported value: "Z": supported values: ` +
        `"Exact", "NotOlderThan", ""`,
      ],
      [
        { sendInitialEvents: "true" },
        422,
        `ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list`,
      ],
      [{ resourceVersion: "99999999" }, 504, /^Timeout: Too large resource version: 99999999, current: \d+$/],
    ];
    for (const [query, code, message] of rows) {
      const { status, body } = await list(query);
      assert.is(status, code, JSON.stringify(query));
      if (typeof message === "string") assert.is(body.message, message);
      else assert.match(body.message, message);
    }
  });

  test("versions: any, not older, exactly", async () => {
    const { path, list } = await seven();
    const { meta: { resourceVersion } } = await list({});
    const { body: made } = await send("POST", path, { body: { metadata: { name: "d" } } });
    const before = ["c0", "c1", "c2", "c3", "c4", "c5", "c6"];
    assert.equal((await list({ resourceVersion, resourceVersionMatch: "Exact" })).names, before);
    assert.equal((await list({ resourceVersion, resourceVersionMatch: "NotOlderThan" })).names, [
      ...before,
      "d",
    ]);
    assert.equal((await list({ resourceVersion: made.metadata.resourceVersion })).names, [...before, "d"]);
    const paged = await list({ resourceVersion, limit: "2" });
    assert.equal([paged.names, paged.meta.resourceVersion], [["c0", "c1"], resourceVersion]);
    // of any version: not in pages
    const any = await list({ resourceVersion: "0", limit: "2" });
    assert.is(any.meta.continue, undefined);
  });

  test("label selectors", async () => {
    const { list } = await seven();
    const rows: readonly (readonly [string, string])[] = [
      ["odd=1", "135"],
      ["odd==1", "135"],
      ["odd!=1", "0246"],
      ["odd", "0123456"],
      ["!odd", ""],
      ["odd in (0,1)", "0123456"],
      ["odd notin (0)", "135"],
      ["i>3", "456"],
      ["i<3", "012"],
      ["odd=1,i>2", "35"],
      [" odd = 1 , i > 2 ", "35"],
      ["odd in (0,)", "0246"],
      ["odd in ()", ""],
      ["odd=", ""],
      ["example.com/x notin (a)", "0123456"],
    ];
    for (const [selector, digits] of rows) {
      const { names } = await list({
        labelSelector: selector,
        fieldSelector: "metadata.name!=kube-root-ca.crt",
      });
      assert.is(names.map((name) => name.slice(1)).join(""), digits, selector);
    }
  });

  test("label selectors that are none", async () => {
    const { list } = await seven();
    const rows: readonly (readonly [string, string | RegExp])[] = [
      ["i gt 3", "unable to parse requirement: found 'gt', expected: in, notin, =, ==, !=, gt, lt"],
      ["a=b=c", "found '=', expected: ',' or 'end of string'"],
      ["=", "found '=', expected: !, identifier, or 'end of string'"],
      ["odd in", "unable to parse requirement: found '' expected: '('"],
      ["odd in (0", "unable to parse requirement: found '', expected: ',' or ')'"],
      ["!!x", "unable to parse requirement: found '!', expected: identifier"],
      ["odd=1,", "found '', expected: identifier after ','"],
      ["i>=3", "unable to parse requirement: found '=', expected: identifier"],
      ["!odd=1", "found '=', expected: ',' or 'end of string'"],
      [
        "i>x",
        `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`,
      ],
      ["-a=b", /^unable to parse requirement: <nil>: Invalid value: "-a": name part must consist of /],
      ["a=-b", /^unable to parse requirement: values\[0\]\[a\]: Invalid value: "-b": a valid label must be /],
    ];
    for (const [labelSelector, message] of rows) {
      const { status, body } = await list({ labelSelector });
      assert.equal([status, body.reason], [400, "BadRequest"], labelSelector);
      if (typeof message === "string") assert.is(body.message, message);
      else assert.match(body.message, message);
    }
  });

  test("field selectors", async () => {
    const { path, list } = await seven();
    const namespace = path.split("/")[4];
    const of = async (fieldSelector: string) =>
      (await list({ fieldSelector, labelSelector: "own" })).names.join();
    assert.is(await of("metadata.name=c1"), "c1");
    assert.is(await of("metadata.name==c1"), "c1");
    assert.is(await of("metadata.name!=c1"), "c0,c2,c3,c4,c5,c6");
    assert.is(await of("metadata.name=c1,metadata.name=c2"), "");
    assert.is(await of(`metadata.namespace=${namespace}`), "c0,c1,c2,c3,c4,c5,c6");
    assert.is(await of("metadata.namespace=x"), "");
    assert.is(await of("metadata.name=c1,"), "c1");
    const known = `is not a known field selector: only "metadata.name", "metadata.namespace"`;
    const rows: readonly (readonly [string, string])[] = [
      ["data.x=1", `"data.x" ${known}`],
      ["metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
      ["metadata.name=c\\1", "invalid field selector: invalid escape sequence: \\1"],
    ];
    for (const [fieldSelector, message] of rows) {
      const { status, body } = await list({ fieldSelector });
      assert.equal([status, body.reason, body.message], [400, "BadRequest", message]);
    }
  });

  test("fields of pods", async () => {
    const path = `/api/v1/namespaces/${await target.namespace()}/pods`;
    const make = (name: string, nodeName: string) =>
      send("POST", path, {
        body: { metadata: { name }, spec: { nodeName, containers: [{ name: "c", image: "i" }] } },
      });
    await make("a", "none-1");
    await make("b", "none-2");
    const names = async (at: string, fieldSelector: string) =>
      (await send("GET", at, { query: { fieldSelector } })).body.items.map((item: any) => item.metadata.name);
    assert.equal(await names(path, "spec.nodeName=none-1"), ["a"]);
    assert.equal(await names(path, "spec.nodeName!=none-1"), ["b"]);
    assert.equal(await names(path, "status.phase=Pending,spec.restartPolicy=Always"), ["a", "b"]);
    assert.equal(await names(path, "status.phase!=Pending"), []);
    const everywhere = `metadata.namespace=${path.split("/")[4]},spec.nodeName=none-2`;
    assert.equal(await names("/api/v1/pods", everywhere), ["b"]);
    const refused = await send("GET", path, { query: { fieldSelector: "spec.foo=x" } });
    assert.equal([refused.status, refused.body.message], [400, "field label not supported: spec.foo"]);
    await send("DELETE", path, { query: { gracePeriodSeconds: "0" } });
  });

  test("pages of all namespaces", async () => {
    const { path } = await seven(), other = await seven();
    const label = "own", found: string[] = [];
    let token = "";
    do {
      const query = { labelSelector: label, limit: "5", ...(token === "" ? {} : { continue: token }) };
      const { status, body } = await send("GET", "/api/v1/configmaps", { query });
      assert.is(status, 200);
      for (const { metadata } of body.items) found.push(`${metadata.namespace}/${metadata.name}`);
      token = body.metadata.continue ?? "";
    } while (token !== "");
    const namespaces = [path, other.path].map((each) => each.split("/")[4] ?? "").sort();
    const expected = namespaces.flatMap((name) => [0, 1, 2, 3, 4, 5, 6].map((i) => `${name}/c${i}`));
    const own = found.filter((each) => namespaces.includes(each.split("/")[0] ?? ""));
    assert.equal(own, expected);
    assert.is(new Set(found).size, found.length);
  });

  test.run();
};
