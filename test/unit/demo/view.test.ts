import { suite } from "uvu";
import * as assert from "uvu/assert";
import { plainLines } from "../../../adapters/demo/plain.ts";
import { haveRun } from "../../../adapters/demo/settled.ts";
import { share } from "../../../adapters/demo/share.ts";
import {
  fold,
  newestEvents,
  type News,
  oldestFirst,
  shownPod,
  type View,
} from "../../../adapters/demo/view.ts";
import fc from "../../tools/fast_check.ts";
import {
  completed,
  crashing,
  eventOf,
  nodeOf,
  podOf,
  usualNews,
  viewOf,
  wall,
} from "../../tools/demo_view.ts";

const test = suite("the demo's view");

const names = (objects: readonly { readonly metadata: { readonly name: string } }[]): string =>
  objects.map(({ metadata }) => metadata.name).join(" ");

test("objects come, change and go", () => {
  const before = viewOf(usualNews);
  const changed = fold(before, { _tag: "Applied", kind: "pods", item: podOf("web", crashing) });
  assert.is(changed.objects.pods.size, 2);
  assert.is(before.objects.pods.size, 2);
  const gone = fold(changed, { _tag: "Deleted", kind: "pods", uid: "Pod-web" });
  assert.is(names(oldestFirst(gone.objects.pods)), "count");
  assert.is(names(oldestFirst(before.objects.pods)), "count web", "a view never changes");
});

test("the newest pod is shown until another is chosen, and again when that is gone", () => {
  let view = viewOf(usualNews);
  const tell = (news: News): string | undefined => shownPod(view = fold(view, news))?.metadata.name;
  assert.is(shownPod(view)?.metadata.name, "web");
  assert.is(tell({ _tag: "Chosen", step: -1 }), "count");
  assert.is(tell({ _tag: "Chosen", step: -1 }), "count", "there is none above");
  assert.is(tell({ _tag: "Applied", kind: "pods", item: podOf("newer", { ageSeconds: 1 }) }), "count");
  assert.is(tell({ _tag: "Deleted", kind: "pods", uid: "Pod-count" }), "newer");
  assert.is(tell({ _tag: "Chosen", step: 1 }), "newer");
  assert.is(tell({ _tag: "Replaced", kind: "pods", items: [] }), undefined);
  assert.is(tell({ _tag: "Chosen", step: 1 }), undefined);
});

test("names with numbers are in the order of the numbers", () => {
  const items = ["web-10", "web-9", "web-1"].map((name) => podOf(name));
  const view = viewOf([{ _tag: "Replaced", kind: "pods", items }]);
  assert.is(names(oldestFirst(view.objects.pods)), "web-1 web-9 web-10");
});

test("the newest events are first; no more than some hundreds are kept", () => {
  let view = viewOf(usualNews);
  assert.is(names(newestEvents(view)), "c a b");
  for (let at = 0; at < 1000; at++) {
    view = fold(view, { _tag: "Applied", kind: "events", item: eventOf(`e${at}`, 1000 - at) });
  }
  assert.ok(view.objects.events.size <= 400);
  assert.is(newestEvents(view)[0]?.metadata.name, "e999");
});

test("a log is of one pod at a time, and no longer than it need be", () => {
  const view = viewOf(usualNews);
  assert.is(fold(view, { _tag: "LogRead", uid: "another", lines: ["x"] }), view);
  const longer = fold(view, { _tag: "LogRead", uid: "Pod-web", lines: Array(5000).fill("x") });
  assert.is(longer.log?.lines.length, 200);
  assert.is(longer.log?.count, 5003);
  assert.equal(fold(longer, { _tag: "LogOpened", uid: "Pod-web" }).log?.lines, []);
});

/** What is said on the way through the news. */
const said = (news: readonly News[], first: View = viewOf([])): readonly string[] => {
  const lines: string[] = [];
  news.reduce((before, each) => {
    const after = fold(before, each);
    lines.push(...plainLines(before, after));
    return after;
  }, first);
  return lines;
};

test("in lines, only what has changed is said", () => {
  assert.equal(said(usualNews), [
    "node virtual-1: Ready",
    "pod count: Completed 0/1",
    "pod web: Running 1/1",
    "event pod/web Scheduled: Successfully assigned default/web to virtual-1",
    "event pod/web Started: Started container main",
    "event pod/web BackOff: Back-off restarting failed container",
    "log web: serving http://127.0.0.1:8080",
    "log web: GET /",
    "log web: GET /favicon.ico",
  ]);
  const more: readonly News[] = [
    { _tag: "Passed", wall: wall + 60_000 },
    { _tag: "Applied", kind: "nodes", item: nodeOf("virtual-1", 60) },
    { _tag: "Applied", kind: "pods", item: podOf("web", { ageSeconds: 49 }) },
    { _tag: "Applied", kind: "pods", item: podOf("web", crashing) },
    { _tag: "Applied", kind: "nodes", item: nodeOf("virtual-1", 60, false) },
    { _tag: "LogRead", uid: "Pod-web", lines: ["GET /", "\x1b[2Jevil"] },
    { _tag: "Deleted", kind: "pods", uid: "Pod-web" },
    { _tag: "Noted", note: "stopping" },
  ];
  assert.equal(said(more, viewOf(usualNews)), [
    "pod web: CrashLoopBackOff 0/1, restarts: 3 (back-off 40s restarting failed container)",
    "node virtual-1: NotReady",
    "log web: GET /",
    "log web: evil",
    "pod web: gone",
    "stopping",
  ]);
});

test("every line of a log is said once, also when many come at a time", () => {
  const lines = fc.array(fc.array(fc.constantFrom("a", "b"), { maxLength: 90 }), { maxLength: 9 });
  fc.assert(fc.property(lines, (parts) => {
    const news = parts.map((part): News => ({ _tag: "LogRead", uid: "Pod-web", lines: part }));
    assert.equal(said(news, viewOf(usualNews)), parts.flat().map((line) => `log web: ${line}`));
  }));
});

test("the samples have run when all that serve are ready and all others have ended", () => {
  const wanted = { nodes: 1, pods: 2 };
  const view = viewOf(usualNews);
  const withPod = (item: ReturnType<typeof podOf>): View =>
    fold(view, { _tag: "Applied", kind: "pods", item });
  const ready = { type: "Ready", status: "True" };
  const web = podOf("web");
  const serving = { ...web, status: { ...web["status"] as object, conditions: [ready] } };
  assert.is(haveRun(view, wanted), false);
  assert.is(haveRun(withPod(serving), wanted), true);
  assert.is(haveRun(withPod(serving), { nodes: 2, pods: 2 }), false);
  assert.is(haveRun(withPod(serving), { nodes: 1, pods: 3 }), false);
  assert.is(
    haveRun(fold(withPod(serving), { _tag: "Applied", kind: "pods", item: podOf("count") }), wanted),
    false,
  );
  assert.is(
    haveRun(
      fold(withPod(serving), { _tag: "Applied", kind: "pods", item: podOf("count", completed) }),
      wanted,
    ),
    true,
  );
  const lost = fold(withPod(serving), {
    _tag: "Applied",
    kind: "nodes",
    item: nodeOf("virtual-1", 60, false),
  });
  assert.is(haveRun(lost, wanted), false);
});

test("lines are shared out: each its least, never more than there are, none that somebody could use left over", () => {
  const need = fc.record({ least: fc.nat(3), more: fc.nat(20), first: fc.constantFrom(undefined, 1, 2) })
    .map(({ least, more, first }) => ({ least, most: least + more, first }));
  fc.assert(fc.property(fc.nat(60), fc.array(need, { minLength: 1, maxLength: 8 }), (spare, needs) => {
    const least = needs.reduce((sum, each) => sum + each.least, 0);
    const given = share(least + spare, needs);
    const used = given.reduce((sum, each) => sum + each, 0);
    assert.ok(used <= least + spare);
    given.forEach((lines, at) => {
      const { least = 0, most = 0, first = 1 } = needs[at] ?? {};
      assert.ok(lines >= least && lines <= most);
      const more = lines === 0 ? first : 1;
      assert.ok(least + spare - used < more || lines + more > most || used === least + spare);
    });
  }));
});

test.run();
