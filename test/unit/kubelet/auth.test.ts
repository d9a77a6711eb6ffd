import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Authorize, kubeletAuth, type KubeletAuthOptions } from "../../../adapters/kubelet/auth.ts";
import { reviewCache, tooManyReviews } from "../../../adapters/kubelet/review_cache.ts";
import type { ApiPort, ApiResponse, LogFields } from "../../../adapters/ports.ts";
import type { Fault } from "../../../core/fault.ts";
import type { Identity } from "../../../core/kubelet/identity.ts";
import type { ApiRequest } from "../../../core/kubernetes/request.ts";

const test = suite("kubelet auth");

type Reply = E.Either<Fault, ApiResponse>;

const json = (status: number, body: unknown): Reply =>
  E.right({ status, retryAfterMs: undefined, text: JSON.stringify(body) });

interface Asked {
  readonly user: string;
  readonly groups: readonly string[];
  readonly verb: string;
  readonly subresource: string;
}

/** An API server that knows the token `good`, and the rights that a test gives. */
interface Server {
  api: ApiPort;
  tokens: string[];
  asked: Asked[];
  rights: Set<string>;
  token: (token: string) => Reply | Promise<Reply>;
  access: ((asked: Asked) => Reply | Promise<Reply>) | undefined;
}

const server = (...rights: readonly string[]): Server => {
  const it: Server = {
    tokens: [],
    asked: [],
    rights: new Set(rights),
    token: (token) =>
      json(201, {
        status: token === "good"
          ? { authenticated: true, user: { username: "sa", groups: ["g"] } }
          : { error: "no" },
      }),
    access: undefined,
    api: {
      send: (request) => Promise.resolve(answer(request)),
      stream: () => Promise.reject(new Error("no streams here")),
    },
  };
  const answer = (request: ApiRequest): Reply | Promise<Reply> => {
    const { spec } = request.body as { spec: Record<string, any> };
    if (request.path.endsWith("/tokenreviews")) {
      it.tokens.push(spec.token);
      return it.token(spec.token);
    }
    const asked: Asked = {
      user: spec.user,
      groups: spec.groups,
      verb: spec.resourceAttributes.verb,
      subresource: spec.resourceAttributes.subresource,
    };
    it.asked.push(asked);
    if (it.access !== undefined) return it.access(asked);
    return json(201, { status: { allowed: it.rights.has(`${asked.verb} ${asked.subresource}`) } });
  };
  return it;
};

interface Setup {
  readonly clock: { now: number };
  readonly lines: { level: string; text: string }[];
  readonly call: (
    path: string,
    options?: { method?: string; token?: string; certificate?: Identity },
  ) => Promise<{ status: number; text: string; identity?: Identity }>;
}

const setup = (options: Partial<KubeletAuthOptions>): Setup => {
  const clock = { now: 0 };
  const lines: { level: string; text: string }[] = [];
  const authorize: Authorize = kubeletAuth({
    nodeName: "vn1",
    now: () => clock.now,
    logger: {
      log: (level: string, message: string, fields?: LogFields) =>
        void lines.push({ level, text: message + JSON.stringify(fields) }),
    },
    ...options,
  } as KubeletAuthOptions);
  return {
    clock,
    lines,
    call: async (path, { method = "GET", token, certificate } = {}) => {
      const headers: HeadersInit = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const access = await authorize(new Request(`https://node${path}`, { method, headers }), certificate);
      return access._tag === "Allowed"
        ? { status: 200, text: "", identity: access.identity }
        : { status: access.response.status, text: await access.response.text() };
    },
  };
};

const holder: Identity = { username: "kube-apiserver-kubelet-client", groups: ["masters"] };
const path = "/containerLogs/ns/p/c";

test("a certificate's holder is authorized under its name and groups", async () => {
  const to = server("get proxy");
  const answer = await setup({ api: to.api }).call(path, { certificate: holder });
  assert.is(answer.status, 200);
  assert.equal(answer.identity?.groups, ["masters", "system:authenticated"]);
  assert.equal(to.asked, [{
    user: holder.username,
    groups: ["masters", "system:authenticated"],
    verb: "get",
    subresource: "proxy",
  }]);
  assert.equal(to.tokens, []);
});

test("a token is reviewed, then its user is authorized", async () => {
  const to = server("get metrics");
  const { call } = setup({ api: to.api });
  assert.is((await call("/metrics/resource", { token: "good" })).identity?.username, "sa");
  assert.equal(to.tokens, ["good"]);
  assert.is(to.asked[0]?.user, "sa");
});

test("no credentials, bad ones and oversized ones are 401 Unauthorized", async () => {
  const to = server("get proxy");
  const { call } = setup({ api: to.api });
  for (const token of [undefined, "bad", "x".repeat(20_000)]) {
    assert.equal(await call(path, token === undefined ? {} : { token }), {
      status: 401,
      text: "Unauthorized",
    });
  }
  assert.equal(to.asked, []);
  assert.equal(to.tokens, ["bad"]);
});

test("a denial is 403 and says what was asked for", async () => {
  const to = server();
  const { call } = setup({ api: to.api });
  assert.equal(await call("/pods", { certificate: holder }), {
    status: 403,
    text: `Forbidden (user=${holder.username}, verb=get, resource=nodes, subresource(s)=[pods proxy])`,
  });
  assert.equal(to.asked.map((each) => each.subresource), ["pods", "proxy"]);
});

test("the first right that is there is enough", async () => {
  const fine = server("get pods");
  assert.is((await setup({ api: fine.api }).call("/pods", { certificate: holder })).status, 200);
  assert.is(fine.asked.length, 1);
  const coarse = server("get proxy");
  assert.is((await setup({ api: coarse.api }).call("/pods", { certificate: holder })).status, 200);
  assert.is(coarse.asked.length, 2);
});

test("exec by GET asks to create: reading is not running", async () => {
  const to = server("get proxy");
  assert.is((await setup({ api: to.api }).call("/exec/ns/p/c", { certificate: holder })).status, 403);
  assert.is(to.asked[0]?.verb, "create");
});

const broken: readonly (readonly [string, Reply])[] = [
  ["unavailable", E.left({ _tag: "Unavailable", message: "connection refused" })],
  ["forbidden", json(403, { kind: "Status", message: "no" })],
  ["not a review", json(201, { kind: "Status" })],
];

for (const [name, reply] of broken) {
  test(`a failed review is 500, is told in the log and is not kept: ${name}`, async () => {
    const to = server("get proxy");
    const { call, lines } = setup({ api: to.api });
    const good = to.token;
    to.token = () => reply;
    assert.equal(await call(path, { token: "good" }), {
      status: 500,
      text: "Authentication error: the token could not be reviewed",
    });
    to.token = good;
    to.access = () => reply;
    const unauthorized = await call(path, { token: "good" });
    assert.is(unauthorized.status, 500);
    assert.match(unauthorized.text, /^Authorization error \(user=sa, verb=get/);
    to.access = undefined;
    assert.is((await call(path, { token: "good" })).status, 200);
    assert.is(lines.filter((line) => line.level === "error").length, 2);
    if (name === "forbidden") assert.match(lines[0]?.text ?? "", "system:auth-delegator");
  });
}

test("answers are kept: tokens 2 min, allowed 5 min, denied 30 s", async () => {
  const to = server("get proxy");
  const { call, clock } = setup({ api: to.api });
  const counts = async (at: number, options: { token?: string; certificate?: Identity }, from = path) => {
    clock.now = at;
    await call(from, options);
    return [to.tokens.length, to.asked.length];
  };
  assert.equal(await counts(0, { token: "good" }), [1, 1]);
  assert.equal(await counts(119_999, { token: "good" }), [1, 1]);
  assert.equal(await counts(120_000, { token: "good" }), [2, 1]);
  assert.equal(await counts(299_999, { certificate: { username: "sa", groups: ["g"] } }), [2, 1]);
  assert.equal(await counts(300_000, { certificate: { username: "sa", groups: ["g"] } }), [2, 2]);
  assert.equal(await counts(300_000, { certificate: holder }, "/stats/summary"), [2, 3]);
  assert.equal(await counts(329_999, { certificate: holder }, "/stats/summary"), [2, 3]);
  assert.equal(await counts(330_000, { certificate: holder }, "/stats/summary"), [2, 4]);
});

test("a token that has become good is known within 30 s", async () => {
  const to = server("get proxy");
  const { call, clock } = setup({ api: to.api });
  const good = to.token;
  to.token = () => json(201, { status: {} });
  assert.is((await call(path, { token: "good" })).status, 401);
  to.token = good;
  assert.is((await call(path, { token: "good" })).status, 401);
  clock.now = 30_000;
  assert.is((await call(path, { token: "good" })).status, 200);
});

test("other groups, another uid: another question", async () => {
  const to = server("get proxy");
  const { call } = setup({ api: to.api });
  for (
    const certificate of [{ username: "a", groups: [] }, { username: "a", groups: ["x"] }, {
      username: "a",
      uid: "1",
      groups: [],
    }]
  ) {
    await call(path, { certificate });
  }
  assert.is(to.asked.length, 3);
});

test("tokens are in no log line", async () => {
  const to = server();
  const { call, lines } = setup({ api: to.api });
  await call(path, { token: "good" });
  to.token = () => E.left({ _tag: "Unavailable", message: "down" });
  await call(path, { token: "sesame" });
  assert.ok(lines.length >= 2);
  assert.not.match(JSON.stringify(lines), /sesame|"good"/);
});

test("mode certificate: tokens are not looked at", async () => {
  const to = server("get proxy");
  const { call } = setup({ mode: "certificate", api: to.api });
  assert.is((await call(path, { token: "good" })).status, 401);
  assert.equal(to.tokens, []);
  assert.is((await call(path, { certificate: holder })).status, 200);
  assert.is((await call("/stats/summary", { certificate: holder })).status, 403);
});

test("mode alwaysAllow: credentials are needed, rights are not, and a warning is logged", async () => {
  const to = server();
  const { call, lines } = setup({ mode: "alwaysAllow", api: to.api });
  assert.is((await call(path)).status, 401);
  assert.is((await call(path, { token: "bad" })).status, 401);
  assert.is((await call(path, { token: "good" })).status, 200);
  assert.is((await call(path, { certificate: holder })).status, 200);
  assert.equal(to.asked, []);
  assert.equal(lines.map((line) => line.level), ["warn"]);
  const alone = setup({ mode: "alwaysAllow" });
  assert.is((await alone.call(path, { token: "good" })).status, 401);
  assert.is((await alone.call(path, { certificate: holder })).status, 200);
});

test("anonymous, when asked for: authorized as system:anonymous; a bad token is not anonymous", async () => {
  const to = server("get healthz");
  const { call } = setup({ api: to.api, anonymous: true });
  assert.equal((await call("/healthz")).identity, {
    username: "system:anonymous",
    groups: ["system:unauthenticated"],
  });
  assert.match((await call(path)).text, "user=system:anonymous");
  assert.is((await call("/healthz", { token: "bad" })).status, 401);
});

test("without the API server it does not start", () => {
  assert.throws(
    () => kubeletAuth({ nodeName: "n", now: () => 0 } as unknown as KubeletAuthOptions),
    /alwaysAllow/,
  );
});

test("a cache: one review for all that ask at once, bounded reviews, bounded answers", async () => {
  const cache = reviewCache<string>({ now: () => 0, limit: 2, maxReviews: 2 });
  const reviews: string[] = [];
  const gates = new Map<string, () => void>();
  const ask = (key: string): Promise<E.Either<string, string>> =>
    cache.get(key, async () => {
      reviews.push(key);
      await new Promise<void>((resolve) => gates.set(key, resolve));
      return E.right({ value: key, ttlMs: 1_000 });
    });
  const a1 = ask("a"), a2 = ask("a"), b = ask("b");
  assert.equal(await ask("c"), E.left(tooManyReviews));
  gates.get("a")?.();
  gates.get("b")?.();
  assert.equal(await Promise.all([a1, a2, b]), [E.right("a"), E.right("a"), E.right("b")]);
  assert.equal(reviews, ["a", "b"]);
  await ask("a"); // a is now the newest
  const c = ask("c");
  gates.get("c")?.();
  await c;
  await ask("a");
  assert.equal(reviews, ["a", "b", "c"]);
  const again = ask("b");
  assert.equal(reviews, ["a", "b", "c", "b"]);
  gates.get("b")?.();
  await again;
});

test("a review that throws is not left pending", async () => {
  const cache = reviewCache<string>({ now: () => 0, limit: 2, maxReviews: 1 });
  await cache.get("a", () => Promise.reject(new Error("bug"))).catch(() => undefined);
  assert.equal(await cache.get("a", () => Promise.resolve(E.right({ value: "x", ttlMs: 1 }))), E.right("x"));
});

test.run();
