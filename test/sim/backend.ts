import { isRuntime } from "../../adapters/perform.ts";
import type { BackendEvent, CallOptions, ContainerRuntime, Provider } from "../../adapters/ports.ts";
import { ProviderError } from "../../adapters/provider_error.ts";
import type { ObjectRef } from "../../core/kubernetes/meta.ts";
import type { PodIntent } from "../../core/pod/intent.ts";
import type { ObservedPod } from "../../core/pod/observed.ts";
import type { Ask, Heard, OnAsk } from "./asks.ts";
import type { Chaos } from "./chaos.ts";
import type { Mark } from "./mark_list.ts";
import type { Marks } from "./marks.ts";
import type { Swarm } from "./swarm.ts";

/** How bad the way to the back end is: drawn by the seed. */
export interface BackendOdds {
  readonly refused: number;
  readonly lost: number;
  readonly lied: number;
  readonly hangs: number;
  readonly lostNews: number;
  readonly twiceNews: number;
  readonly staleNews: number;
  readonly brokenNews: number;
  readonly failedList: number;
  readonly partialList: number;
  readonly slowMs: number;
}

export const drawBackendOdds = (swarm: Swarm): BackendOdds => ({
  refused: swarm.odds("calls", 0.3),
  lost: swarm.odds("calls", 0.3),
  lied: swarm.odds("calls", 0.1),
  hangs: swarm.odds("calls", 0.05),
  lostNews: swarm.random.chance(0.2) && swarm.has("news") ? 1 : swarm.odds("news", 1),
  twiceNews: swarm.odds("news", 0.5),
  staleNews: swarm.odds("news", 0.4),
  brokenNews: swarm.odds("news", 0.02),
  failedList: swarm.odds("calls", 0.3),
  partialList: swarm.odds("calls", 0.2),
  slowMs: swarm.random.pick([20, 500, 5_000]),
});

export interface BackendOptions {
  readonly chaos: Chaos;
  readonly marks: Marks;
  readonly odds: BackendOdds;
  /** The back end tells of changes by itself, if it can. */
  readonly isWatched: boolean;
  /** The agent whose way to the back end this is has been switched off. */
  readonly isDead: () => boolean;
  /** The back end cannot be reached at all. */
  readonly isAway: () => boolean;
  /** Called with every call when the agent makes it. */
  readonly onAsk: OnAsk;
  /** Called with every call before it is carried out. */
  readonly onCall: (call: Ask["call"], uid: string) => void;
}

/** Annotated with this, a pod is never started, and nobody is told. */
export const hangMark = "sim/hangs";

const refusals: readonly (readonly [Mark, () => ProviderError])[] = [
  ["back end: Unavailable", () => new ProviderError("Unavailable", "sim: unavailable")],
  [
    "back end: Throttled Retry-After",
    () => new ProviderError("Throttled", "sim: throttled", { retryAfterMs: 2_000 }),
  ],
  ["back end: Throttled", () => new ProviderError("Throttled", "sim: throttled")],
  ["back end: Conflict", () => new ProviderError("Conflict", "sim: in transition")],
  ["back end: Unauthorized", () => new ProviderError("Unauthorized", "sim: token expired")],
];

/** What the agent hears in the end: an error in the place of what came of it, nothing at all, or just that. */
type Answer = "told" | "lost" | "lied" | "hung";

const drawAnswer = ({ chaos, marks, odds }: BackendOptions, { call }: Ask): Answer => {
  const { random } = chaos;
  if (!chaos.isOn) return "told";
  if (random.chance(odds.lost)) {
    marks.hit("back end: done, answer lost");
    return "lost";
  }
  if (random.chance(odds.hangs)) {
    marks.hit("back end: hangs");
    return "hung";
  }
  if (call === "list" || call === "ping" || !random.chance(odds.lied)) return "told";
  marks.hit("back end: done, said to have failed");
  return "lied";
};

const refusalOf = ({ chaos, marks, odds, isAway }: BackendOptions): ProviderError | undefined => {
  if (isAway()) return new ProviderError("Unavailable", "sim: connection refused");
  if (!chaos.isOn || !chaos.random.chance(odds.refused)) return undefined;
  const [mark, make] = chaos.random.pick(refusals);
  marks.hit(mark);
  return make();
};

type Call = <A>(ask: Ask, given: CallOptions, act: () => Promise<A>) => Promise<A>;

/** What failed on its way is not classified by its provider: only the codes of a ProviderError are promises. */
const errors: Readonly<Record<"lost" | "lied", () => Error>> = {
  lost: () => new ProviderError("Unknown", "sim: answer lost"),
  lied: () => new Error("sim: internal error"),
};

/** A call: maybe refused, maybe carried out without an answer, or with a wrong one, maybe never answered. */
const callOver = (options: BackendOptions, late: () => number): Call => {
  const { chaos, isDead, onAsk, onCall } = options;
  const { random, timeline } = chaos;
  return (ask, { signal }, act) =>
    new Promise((resolve, reject) => {
      if (isDead()) return;
      const tell = onAsk(ask);
      let isOver = false;
      const heard = (how: Heard): void => {
        if (!isOver && !isDead()) tell(how);
        isOver = true;
      };
      signal.addEventListener("abort", () => heard({ _tag: "GivenUp" }), { once: true });
      const fail = (error: unknown): void => {
        heard({ _tag: "Failed", error });
        reject(error);
      };
      timeline.after(late(), () => {
        // what a dying machine has sent may arrive
        if (isDead() && random.chance(0.5)) return;
        const refusal = refusalOf(options);
        if (refusal !== undefined) return fail(refusal);
        onCall(ask.call, ask.uid);
        const answer = drawAnswer(options, ask);
        const give = (settle: () => void): void => {
          if (isDead() || answer === "hung") return;
          timeline.after(late(), () => {
            if (isDead()) return;
            if (answer === "told") settle();
            else fail(errors[answer]());
          });
        };
        (async () => await act())().then(
          (value) =>
            give(() => {
              heard({ _tag: "Done" });
              resolve(value);
            }),
          (error) => give(() => fail(error)),
        );
      });
    });
};

/** Some lists give only a part, but never two in a row: against a back end that always lies nothing helps. */
const listOver = (
  { chaos, marks, odds }: BackendOptions,
  call: Call,
  inner: Provider | ContainerRuntime,
): Provider["list"] => {
  const { random } = chaos;
  let wasPartial = false;
  return async (given) => {
    const all = await call<readonly ObservedPod[]>({ call: "list", uid: "" }, given, () => {
      if (!chaos.isOn || !random.chance(odds.failedList)) return inner.list(given);
      marks.hit("back end: list fails");
      return Promise.reject(new ProviderError("Unavailable", "sim: the list was cut short"));
    });
    wasPartial = chaos.isOn && !wasPartial && random.chance(odds.partialList);
    if (!wasPartial) return all;
    marks.hit("back end: list is partial");
    return all.filter(() => random.chance(0.5));
  };
};

type Watch = NonNullable<Provider["watch"]>;

/** News that come late, out of order, twice, long after, or not at all; and watches that break. */
const watchOver = (
  { chaos, marks, odds, isDead, isAway }: BackendOptions,
  late: () => number,
  inner: Watch,
): Watch => {
  const { random, timeline } = chaos;
  const tell = (event: BackendEvent, hear: (event: BackendEvent) => void): void => {
    if (isAway()) return;
    // in their order, unless anything may happen
    if (!chaos.isOn) return void timeline.after(1, () => hear(event));
    if (random.chance(odds.lostNews)) return marks.hit("back end: news lost");
    timeline.after(late(), () => hear(event));
    if (random.chance(odds.twiceNews)) {
      marks.hit("back end: news told twice");
      timeline.after(late(), () => hear(event));
    }
    if (random.chance(odds.staleNews)) {
      marks.hit("back end: news told late again");
      timeline.after(10_000 + random.below(60_000), () => hear(event));
    }
  };
  return async function* (options) {
    const waiting: BackendEvent[] = [];
    let wake = (): void => {};
    let isOver = false, isBroken = false;
    const hear = (event: BackendEvent): void => {
      if (isDead()) return;
      waiting.push(event);
      wake();
    };
    const end = (): void => {
      isOver = true;
      wake();
    };
    const read = async (): Promise<void> => {
      for await (const event of inner(options)) {
        if (isDead() || isOver) return;
        tell(event, hear);
        isBroken = chaos.isOn && random.chance(odds.brokenNews);
        if (isBroken) return;
      }
    };
    options.signal.addEventListener("abort", end, { once: true });
    const reading = read().finally(end);
    // what it throws is thrown below
    reading.catch(() => {});
    while (!isOver) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => wake = resolve);
    }
    if (options.signal.aborted) return;
    await reading;
    if (!isBroken) return;
    marks.hit("back end: watch breaks");
    throw new ProviderError("Unavailable", "sim: the watch was cut");
  };
};

/** One for each who waits: a shared one would keep all who ever waited for it. */
const never = (): Promise<never> => new Promise(() => {});

const hangs = ({ pod }: PodIntent): boolean => pod.metadata.annotations?.[hangMark] === "true";

const specOf = ({ pod, specHash }: PodIntent): string => `${pod.metadata.generation ?? ""}/${specHash}`;

type Volumes = Parameters<NonNullable<Provider["updateFiles"]>>[1];

/** The way of one agent to a back end: any back end, and as bad as the odds make it. */
export const faultyBackend = (
  inner: Provider | ContainerRuntime,
  options: BackendOptions,
): Provider | ContainerRuntime => {
  const { chaos, odds, isWatched } = options;
  const late = (): number => chaos.random.below(chaos.isOn ? odds.slowMs : 5);
  const call = callOver(options, late);
  const [watch, ping] = [inner.watch?.bind(inner), inner.ping?.bind(inner)];
  const updateFiles = inner.updateFiles?.bind(inner);
  const common = {
    ...(inner.files === undefined ? {} : { files: inner.files }),
    ...(inner.binds === undefined ? {} : { binds: inner.binds }),
    ...(updateFiles === undefined ? {} : {
      updateFiles: (ref: ObjectRef, volumes: Volumes, given: CallOptions) =>
        call({ call: "files", uid: ref.uid }, given, () => updateFiles(ref, volumes, given)),
    }),
    ...(inner.check === undefined ? {} : { check: inner.check.bind(inner) }),
    ...(inner.node === undefined ? {} : { node: inner.node.bind(inner) }),
    ...(ping === undefined ? {} : {
      ping: (given: CallOptions) => call({ call: "ping", uid: "" }, given, () => ping(given)),
    }),
    list: listOver(options, call, inner),
    ...(watch !== undefined && isWatched ? { watch: watchOver(options, late, watch) } : {}),
  } satisfies Partial<Provider>;
  const run = <A>(
    what: "create" | "update" | "start",
    intent: PodIntent,
    container: string | undefined,
    given: CallOptions,
    act: () => Promise<A>,
  ): Promise<A> => {
    const ask: Ask = { call: what, uid: intent.pod.metadata.uid, container, spec: specOf(intent) };
    return call(ask, given, () => hangs(intent) ? never() : act());
  };
  if (isRuntime(inner)) {
    return {
      ...common,
      start: (given, options) =>
        run("start", given.intent, given.container.name, options, () => inner.start(given, options)),
      stop: ({ uid, ...ref }, container, given) =>
        call(
          { call: "stop", uid, container, graceMs: given.graceMs },
          given,
          () => inner.stop({ uid, ...ref }, container, given),
        ),
      remove: (ref, given) => call({ call: "remove", uid: ref.uid }, given, () => inner.remove(ref, given)),
    };
  }
  const update = inner.update?.bind(inner);
  return {
    ...common,
    create: (intent, given) => run("create", intent, undefined, given, () => inner.create(intent, given)),
    ...(update === undefined ? {} : {
      update: (intent: PodIntent, given: CallOptions) =>
        run("update", intent, undefined, given, () => update(intent, given)),
    }),
    delete: (ref, given) =>
      call({ call: "delete", uid: ref.uid, graceMs: given.graceMs }, given, () => inner.delete(ref, given)),
  };
};
