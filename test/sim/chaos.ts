import type { ApiResponse } from "../../adapters/ports.ts";
import type { Fault } from "../../core/fault.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import type { Millis } from "../../core/time.ts";
import type { ByteStream } from "./byte_stream.ts";
import type { Mark } from "./mark_list.ts";
import type { Marks } from "./marks.ts";
import type { Random } from "./random.ts";
import type { Swarm } from "./swarm.ts";
import { errorLine, fromTheFuture, strangeLine, unreadable } from "./texts.ts";
import type { Timeline } from "./timeline.ts";

/** What becomes of a request: it arrives after `thereMs`, and what is answered after `backMs` more. */
export type Fate =
  | { readonly _tag: "Reached"; readonly thereMs: Millis; readonly backMs: Millis }
  /** It is carried out, and nobody hears of it. */
  | { readonly _tag: "Lost"; readonly thereMs: Millis }
  /** It never arrives, and the sender knows. */
  | { readonly _tag: "Refused"; readonly thereMs: Millis; readonly fault: Fault }
  /** Something before the server answers instead of it. */
  | { readonly _tag: "Answered"; readonly thereMs: Millis; readonly answer: ApiResponse };

/** The network between agents and the API server, as bad as the seed makes it; good once it is healed. */
export interface Chaos {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly isOn: boolean;
  heal(): void;
  ofRequest(request: ApiRequest): Fate;
  /** How late news are: never out of their order. */
  newsMs(): Millis;
  /** Lines of a watch as they arrive: some twice, some in the place of others, some with what cannot be read. */
  ofLines(text: string): string;
  /** A list as it arrives. */
  ofList(text: string): string;
  /** Bytes in pieces, cut anywhere. */
  cut(bytes: Uint8Array): readonly Uint8Array[];
  isCutShort(): boolean;
  /** Ends a stream some time: cleanly, with an error, or by silence. */
  onCut(end: (error?: Error) => void, stream: ByteStream): void;
  /** For a while nobody is answered but by this status; by 0, nobody is answered. */
  outage(status: number, ms: Millis): void;
  /** Ends every stream at once. */
  cutAll(): void;
}

const status = (code: number, reason: string, retryAfterMs?: Millis): ApiResponse => ({
  status: code,
  retryAfterMs,
  text: JSON.stringify({
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    reason,
    message: `sim: ${reason}`,
    code,
  }),
});

const page: ApiResponse = { status: 200, retryAfterMs: undefined, text: "<html>sign in</html>" };

/** What is answered instead. A page in the place of a write's answer would hide that it was lost. */
const answers: readonly (readonly [Mark, ApiResponse, "reads" | "writes" | "all"])[] = [
  ["api: 401", status(401, "Unauthorized"), "all"],
  ["api: 403", status(403, "Forbidden"), "all"],
  ["api: 404", status(404, "NotFound"), "all"],
  ["api: 409", status(409, "Conflict"), "all"],
  ["api: 410", status(410, "Expired"), "reads"],
  ["api: 422", status(422, "Invalid"), "writes"],
  ["api: 429", status(429, "TooManyRequests"), "all"],
  ["api: 429 Retry-After", status(429, "TooManyRequests", 3_000), "all"],
  ["api: 500", status(500, "InternalError"), "all"],
  ["api: 503", status(503, "ServiceUnavailable"), "all"],
  ["api: 504", status(504, "Timeout"), "reads"],
  ["api: not JSON", page, "reads"],
];

const expired = status(410, "Expired");

interface Odds {
  readonly refused: number;
  readonly answered: number;
  readonly expired: number;
  readonly lost: number;
  readonly slowMs: Millis;
  readonly newsMs: Millis;
  readonly twice: number;
  readonly error: number;
  readonly strange: number;
  readonly pieces: number;
  readonly cutShort: number;
  readonly isFuture: boolean;
  readonly streamMs: Millis;
}

const drawOdds = (swarm: Swarm): Odds => ({
  refused: swarm.odds("requests", 0.2),
  answered: swarm.odds("requests", 0.2),
  expired: swarm.odds("requests", 0.3),
  lost: swarm.odds("requests", 0.3),
  slowMs: swarm.random.pick([50, 500, 3_000]),
  newsMs: swarm.random.pick([20, 500, 3_000]),
  twice: swarm.odds("watches", 0.2),
  error: swarm.odds("watches", 0.1),
  strange: swarm.odds("watches", 0.1),
  pieces: swarm.odds("watches", 1),
  cutShort: swarm.odds("watches", 0.1),
  isFuture: swarm.odds("objects", 1) > 0.5,
  streamMs: swarm.random.pick(swarm.has("watches") ? [5_000, 30_000, 120_000, 3_600_000] : [3_600_000]),
});

/** What becomes of requests. */
const makeFates = (random: Random, timeline: Timeline, marks: Marks, odds: Odds) => {
  let outage: { readonly until: Millis; readonly status: number } | undefined;
  const answered = (request: ApiRequest, thereMs: Millis): Fate | undefined => {
    if (request.query?.continue !== undefined && random.chance(odds.expired)) {
      marks.hit("list: continue token expired");
      return { _tag: "Answered", thereMs, answer: expired };
    }
    if (!random.chance(odds.answered)) return undefined;
    const [mark, answer, to] = random.pick(answers);
    if (to !== "all" && (to === "reads") !== (request.method === "GET")) return undefined;
    marks.hit(mark);
    return { _tag: "Answered", thereMs, answer };
  };
  const unavailable = (message: string, thereMs: Millis): Fate => ({
    _tag: "Refused",
    thereMs,
    fault: { _tag: "Unavailable", message },
  });
  return {
    outage: (code: number, ms: Millis): void => {
      outage = { until: timeline.now + ms, status: code };
    },
    heal: (): void => {
      outage = undefined;
    },
    ofRequest: (request: ApiRequest, on: boolean): Fate => {
      const thereMs = 1 + random.below(on ? odds.slowMs : 4);
      if (outage !== undefined && timeline.now < outage.until) {
        if (outage.status !== 0) {
          marks.hit("api: credentials expire");
          return { _tag: "Answered", thereMs, answer: status(outage.status, "Unauthorized") };
        }
        marks.hit("api: down");
        return unavailable("sim: connection refused", thereMs);
      }
      if (!on) return { _tag: "Reached", thereMs, backMs: 1 + random.below(4) };
      if (random.chance(odds.refused)) {
        marks.hit("api: refused");
        return unavailable("sim: refused", thereMs);
      }
      const instead = answered(request, thereMs);
      if (instead !== undefined) return instead;
      if (random.chance(odds.lost)) {
        marks.hit("api: done, answer lost");
        return { _tag: "Lost", thereMs };
      }
      return { _tag: "Reached", thereMs, backMs: 1 + random.below(odds.slowMs) };
    },
  };
};

/** What becomes of the text and the bytes of streams. */
const makeNoise = (random: Random, marks: Marks, odds: Odds) => ({
  ofLines: (text: string, on: boolean): string => {
    const readable = unreadable(text, marks);
    if (!on) return readable;
    const here = odds.isFuture ? fromTheFuture(readable, marks) : readable;
    if (random.chance(odds.twice)) {
      marks.hit("watch: told twice");
      return here + here;
    }
    if (random.chance(odds.error)) {
      marks.hit("watch: 410 as an event");
      return here + errorLine;
    }
    return random.chance(odds.strange) ? strangeLine(random, marks) + here : here;
  },
  ofList: (text: string, on: boolean): string => {
    const readable = unreadable(text, marks);
    return on && odds.isFuture ? fromTheFuture(readable, marks) : readable;
  },
  cut: (bytes: Uint8Array): readonly Uint8Array[] => {
    if (bytes.length < 2 || !random.chance(odds.pieces)) return [bytes];
    marks.hit("watch: cut into pieces");
    const at = 1 + random.below(bytes.length - 1);
    const second = at + random.below(bytes.length - at);
    return [bytes.subarray(0, at), bytes.subarray(at, second), bytes.subarray(second)];
  },
});

const breakStream = (
  random: Random,
  marks: Marks,
  end: (error?: Error) => void,
  stream: ByteStream,
): void => {
  const roll = random.next();
  if (roll < 0.3) {
    marks.hit("watch: stalls");
    // the reader hears nothing: not even the end
    stream.push = () => {};
    stream.close = () => {};
  } else if (roll < 0.6) {
    marks.hit("watch: breaks");
    end(new Error("sim: the connection was cut"));
  } else {
    marks.hit("watch: ends");
    end();
  }
};

export const makeChaos = (swarm: Swarm, timeline: Timeline, marks: Marks): Chaos => {
  const { random } = swarm;
  const odds = drawOdds(swarm);
  const fates = makeFates(random, timeline, marks, odds);
  const noise = makeNoise(random, marks, odds);
  const open = new Set<(error?: Error) => void>();
  let on = true;
  let lastNews = 0;
  return {
    timeline,
    random,
    get isOn() {
      return on;
    },
    heal: () => {
      on = false;
      fates.heal();
    },
    outage: fates.outage,
    ofRequest: (request) => fates.ofRequest(request, on),
    newsMs: () => {
      lastNews = Math.max(lastNews, timeline.now + 1 + random.below(on ? odds.newsMs : 4));
      return lastNews - timeline.now;
    },
    ofLines: (text) => noise.ofLines(text, on),
    ofList: (text) => noise.ofList(text, on),
    // no fault, but what networks do
    cut: noise.cut,
    isCutShort: () => {
      const short = on && random.chance(odds.cutShort);
      if (short) marks.hit("list: cut short");
      return short;
    },
    onCut: (end, stream) => {
      open.add(end);
      if (!on) return;
      timeline.after(random.below(odds.streamMs), () => {
        if (on && open.delete(end) && !stream.isClosed) breakStream(random, marks, end, stream);
      });
    },
    cutAll: () => {
      for (const end of [...open]) end(new Error("sim: the server went away"));
      open.clear();
    },
  };
};

/** The same network, for one agent: every request is told when it is made. */
export const withEar = (chaos: Chaos, onRequest: (request: ApiRequest) => void): Chaos => ({
  ...chaos,
  get isOn() {
    return chaos.isOn;
  },
  ofRequest: (request) => {
    onRequest(request);
    return chaos.ofRequest(request);
  },
});
