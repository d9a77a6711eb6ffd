import * as E from "fp-ts/lib/Either.js";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { systemClock } from "../../adapters/clock.ts";
import { connect } from "../../adapters/connect.ts";
import { reflect, type ReflectorOutput } from "../../adapters/kubernetes/reflector.ts";
import type { ApiPort } from "../../adapters/ports.ts";
import { decodePod, type Pod } from "../../core/kubernetes/pod.ts";
import { type ApiRequest, deletePod, mergePatch, podPath } from "../../core/kubernetes/request.ts";
import { watchConfig, type WatchSettings } from "../../core/watch/config.ts";

const test = suite("list and watch of a real API server");

const kubeconfig = process.env.VK_TEST_KUBECONFIG;
if (kubeconfig === undefined || kubeconfig === "") {
  throw new Error("VK_TEST_KUBECONFIG must name the admin kubeconfig of a cluster that tests may write to");
}

const { api, close } = await connect({ kubeconfig });
const run = `watch-${process.pid}-${Date.now()}`;
const never = new AbortController().signal;

const until = async (what: string, holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> => {
  for (const end = Date.now() + ms; !(await holds());) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const call = async (request: ApiRequest): Promise<number> => {
  const answer = await api.send(request, never);
  if (E.isLeft(answer)) throw new Error(`${request.method} ${request.path}: ${answer.left.message}`);
  return answer.right.status;
};

const nameOf = (name: string, group: string): string => `${run}-${group}-${name}`;

/** A pod that no node takes. */
const createPod = (name: string, group: string): Promise<void> =>
  until(`pod ${name} is created`, async () => {
    const status = await call({
      method: "POST",
      path: "/api/v1/namespaces/default/pods",
      body: {
        metadata: { name: nameOf(name, group), labels: { run, group } },
        spec: { nodeSelector: { run }, containers: [{ name: "c", image: "registry.invalid/c" }] },
      },
    });
    return status === 201;
  });

const removePod = async (name: string, group: string): Promise<void> => {
  const path = podPath("default", nameOf(name, group));
  const answer = await api.send({ method: "GET", path }, never);
  const uid: string = E.isRight(answer) ? JSON.parse(answer.right.text).metadata.uid : "";
  assert.is(await call(deletePod("default", nameOf(name, group), uid, 0)), 200);
};

interface Watched {
  readonly told: string[];
  readonly sent: ApiRequest[];
  readonly warnings: string[];
  /** Everything that watches brought, as text. */
  readonly seen: () => string;
  /** Breaks the connection that is open. */
  readonly cut: () => void;
  readonly relist: () => void;
  readonly stop: () => Promise<void>;
}

const words = (output: ReflectorOutput<Pod>): string => {
  const short = (name: string): string => name.slice(name.lastIndexOf("-") + 1);
  switch (output._tag) {
    case "Replaced":
      return `replaced ${output.items.map((pod) => short(pod.metadata.name)).sort().join(" ")}`;
    case "Applied":
      return `applied ${short(output.item.metadata.name)}`;
    case "Deleted":
      return `deleted ${short(output.ref.name)}`;
    case "Undecodable":
      return `undecodable ${short(output.bad.name)}: ${output.bad.problems}`;
  }
};

const watched = (group: string, settings: Partial<WatchSettings<Pod>> = {}): Watched => {
  const told: string[] = [];
  const sent: ApiRequest[] = [];
  const warnings: string[] = [];
  let seen = "";
  let cut: AbortController = new AbortController();
  const decoder = new TextDecoder();
  const spied = async function* (
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array> {
    for await (const bytes of body) {
      seen += decoder.decode(bytes, { stream: true });
      yield bytes;
    }
    signal.throwIfAborted();
  };
  const spy: ApiPort = {
    send: (request, signal) => api.send(request, signal),
    stream: async (request, signal) => {
      sent.push(request);
      const own = cut = new AbortController();
      const answer = await api.stream(request, AbortSignal.any([signal, own.signal]));
      if (E.isLeft(answer) || request.query?.watch === undefined) return answer;
      return E.right({ ...answer.right, body: spied(answer.right.body, own.signal) });
    },
  };
  const end = new AbortController();
  const { done, relist } = reflect<Pod>({
    api: spy,
    clock: systemClock,
    config: watchConfig<Pod>({
      kind: "Pod",
      path: "/api/v1/pods",
      query: { labelSelector: `run=${run},group=${group}` },
      decode: decodePod,
      ...settings,
    }),
    logger: { log: (_level, message) => warnings.push(message) },
    onOutput: (output) => told.push(words(output)),
    signal: end.signal,
  });
  const stop = (): Promise<void> => (end.abort(), done);
  return {
    told,
    sent,
    warnings,
    seen: () => seen,
    cut: () => cut.abort(new Error("cut by the test")),
    relist,
    stop,
  };
};

const lists = (sent: readonly ApiRequest[]): number =>
  sent.filter((request) => request.query?.watch === undefined).length;

const watches = (sent: readonly ApiRequest[]): readonly ApiRequest[] =>
  sent.filter((request) => request.query?.watch !== undefined);

// Waits for its bookmark while the other tests run.
const quiet = watched("quiet");

test.after(async () => {
  await call({
    method: "DELETE",
    path: "/api/v1/namespaces/default/pods",
    query: { labelSelector: `run=${run}` },
  });
  await close();
});

test("five pods come in three pages, as one list", async () => {
  for (const name of ["a", "b", "c", "d", "e"]) await createPod(name, "pages");
  const { told, sent, stop } = watched("pages", { pageLimit: 2 });
  await until("the list is told", () => told.length > 0);
  await stop();
  // more may follow: the scheduler tells each pod that it fits nowhere
  assert.is(told[0], "replaced a b c d e");
  assert.is(lists(sent), 3);
  assert.is(sent.filter((request) => request.query?.continue !== undefined).length, 2);
});

test("what is created, changed and deleted is told", async () => {
  const { told, sent, stop } = watched("events");
  await until("the watch is sent", () => watches(sent).length === 1);
  await createPod("a", "events");
  await until("the new pod", () => told.includes("applied a"));
  const before = told.length;
  const path = podPath("default", nameOf("a", "events"));
  const body = { metadata: { annotations: { text: "é€😀" } } };
  assert.is(await call({ method: "PATCH", path, contentType: mergePatch, body }), 200);
  await until("the change", () => told.length > before);
  await removePod("a", "events");
  await until("the deletion", () => told.at(-1) === "deleted a");
  assert.is(sent.length, 2);
  await stop();
});

test("a broken watch resumes: what happened meanwhile is told, and nothing is listed again", async () => {
  await createPod("a", "resume");
  const { told, sent, cut, stop } = watched("resume");
  await until("the watch is sent", () => watches(sent).length === 1);
  await createPod("b", "resume");
  await until("the watch is live", () => told.includes("applied b"));
  cut();
  await removePod("a", "resume");
  await until("the deletion of a", () => told.includes("deleted a"));
  assert.is(lists(sent), 1);
  assert.is(watches(sent).length, 2);
  const [first, second] = watches(sent).map((request) => request.query?.resourceVersion);
  assert.is.not(first, second);
  await stop();
});

test("the server's own end of a watch is no failure: it goes on from there at once", async () => {
  await createPod("a", "timeout");
  const settings = { serverTimeoutSeconds: 5, steadyMs: 1_000 };
  const { told, sent, warnings, stop } = watched("timeout", settings);
  await until("the watch is sent", () => watches(sent).length === 1);
  await createPod("b", "timeout");
  await until("the new pod", () => told.includes("applied b"));
  await until("the second watch is sent", () => watches(sent).length === 2);
  assert.is(lists(sent), 1);
  assert.equal(warnings, []);
  await createPod("c", "timeout");
  await until("the newest pod", () => told.includes("applied c"));
  await stop();
});

test("a list on request replaces what is known", async () => {
  await createPod("a", "relist");
  const { told, sent, relist, stop } = watched("relist");
  await until("the watch is sent", () => watches(sent).length === 1);
  relist();
  await until("the second list", () => told.filter((text) => text === "replaced a").length === 2);
  await until("the second watch", () => watches(sent).length === 2);
  await stop();
});

test("a bookmark comes each minute, and is where a broken watch resumes", async () => {
  const { told, sent, seen, cut, stop } = quiet;
  assert.equal(told, ["replaced "]);
  const resourceVersion = (): string | undefined =>
    /"type":"BOOKMARK".*?"resourceVersion":"(.+?)"/.exec(seen())?.[1];
  await until("a bookmark", () => resourceVersion() !== undefined, 75_000);
  cut();
  await until("the second watch", () => watches(sent).length === 2);
  assert.is(watches(sent)[1]?.query?.resourceVersion, resourceVersion());
  assert.is.not(watches(sent)[0]?.query?.resourceVersion, resourceVersion());
  assert.is(lists(sent), 1);
  await stop();
});

test.run();
