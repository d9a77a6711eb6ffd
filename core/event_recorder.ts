import type { EmitEvent } from "./action.ts";
import { hashJson } from "./hash.ts";
import { type ApiRequest, createEvent, patchEvent } from "./kubernetes/request.ts";
import { formatTime, type Millis, type Now } from "./time.ts";

/** One series of equal events: written once, then only counted, and the count written ever more rarely. */
interface Series {
  readonly namespace: string;
  /** Of the Event object. */
  readonly name: string;
  readonly count: number;
  readonly lastWrite: Millis;
}

/** What the recorder remembers; bounded, oldest first out. Losable: a lost series is begun anew. */
export interface RecorderMemory {
  readonly series: ReadonlyMap<string, Series>;
  /** Tokens of the rate limit, and when they were counted. */
  readonly tokens: number;
  readonly countedAt: Millis;
}

/** Who reports: `source.component` and `source.host`. */
export interface EventSource {
  readonly component: string;
  readonly host: string;
}

const maxSeries = 256;
const maxMessage = 1024;
/** A burst of this many events, then one a second: events are best-effort and never compete with statuses. */
const burst = 50;
const refillMs = 1_000;
/** The count of a series is written at most this often. */
const countEveryMs = 60_000;

export const emptyRecorder: RecorderMemory = { series: new Map(), tokens: burst, countedAt: 0 };

const seriesKey = (event: EmitEvent): string =>
  `${event.about.ref.uid}/${event.type}/${event.reason}/${event.message.slice(0, maxMessage)}`;

const eventBody = (
  event: EmitEvent,
  name: string,
  namespace: string,
  now: Now,
  source: EventSource,
): unknown => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { name, namespace },
  involvedObject: {
    apiVersion: "v1",
    kind: event.about.kind,
    name: event.about.ref.name,
    uid: event.about.ref.uid,
    ...(event.about.kind === "Pod" ? { namespace: event.about.ref.namespace } : {}),
  },
  type: event.type,
  reason: event.reason,
  message: event.message.slice(0, maxMessage),
  firstTimestamp: formatTime(now.wall),
  lastTimestamp: formatTime(now.wall),
  count: 1,
  source,
  reportingComponent: source.component,
  reportingInstance: source.host,
});

const refilled = (memory: RecorderMemory, now: Now): RecorderMemory => {
  const earned = Math.floor((now.mono - memory.countedAt) / refillMs);
  if (earned <= 0) return memory;
  return {
    ...memory,
    tokens: Math.min(burst, memory.tokens + earned),
    countedAt: memory.countedAt + earned * refillMs,
  };
};

const remembered = (memory: RecorderMemory, key: string, series: Series, cost: number): RecorderMemory => {
  const next = new Map(memory.series);
  next.delete(key);
  next.set(key, series);
  const oldest = next.size > maxSeries ? next.keys().next().value : undefined;
  if (oldest !== undefined) next.delete(oldest);
  return { ...memory, series: next, tokens: memory.tokens - cost };
};

/**
 * Lets an event through as a request, counts it into its series, or drops it (API conventions, "Events"): equal events
 * of one object are one Event object with a count; never more than a burst and one a second in all.
 */
export const recordEvent = (
  memory: RecorderMemory,
  event: EmitEvent,
  now: Now,
  source: EventSource,
): readonly [RecorderMemory, ApiRequest | undefined] => {
  const full = refilled(memory, now);
  const key = seriesKey(event);
  const known = full.series.get(key);
  if (known === undefined) {
    if (full.tokens < 1) return [full, undefined];
    const namespace = event.about.kind === "Node" ? "default" : event.about.ref.namespace;
    const name = `${event.about.ref.name.slice(0, 200)}.${hashJson([key, source.host, now.wall])}`;
    const series: Series = { namespace, name, count: 1, lastWrite: now.mono };
    return [
      remembered(full, key, series, 1),
      createEvent(namespace, eventBody(event, name, namespace, now, source)),
    ];
  }
  const counted: Series = { ...known, count: known.count + 1 };
  const quiet = now.mono - known.lastWrite < countEveryMs || full.tokens < 1;
  if (quiet) return [remembered(full, key, counted, 0), undefined];
  const body = { count: counted.count, lastTimestamp: formatTime(now.wall) };
  return [
    remembered(full, key, { ...counted, lastWrite: now.mono }, 1),
    patchEvent(known.namespace, known.name, body),
  ];
};

/** A request for an event failed: whether its object exists is not known, so the next equal event begins a new series. */
export const forgetSeries = (memory: RecorderMemory, failed: ApiRequest): RecorderMemory => {
  const created = (failed.body as { readonly metadata?: { readonly name: string } } | undefined)?.metadata
    ?.name;
  const isOf = ({ namespace, name }: Series): boolean =>
    name === created || failed.path === patchEvent(namespace, name, undefined).path;
  const key = [...memory.series].find(([, series]) => isOf(series))?.[0];
  if (key === undefined) return memory;
  const series = new Map(memory.series);
  series.delete(key);
  return { ...memory, series };
};
