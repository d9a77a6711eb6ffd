import * as t from "io-ts";
import { type Decode, decoder } from "../../core/kubernetes/decode.ts";
import { type ObjectMeta, ObjectMetaCodec } from "../../core/kubernetes/meta.ts";
import { watchConfig, type WatchSettings } from "../../core/watch/config.ts";
import { initialWatch, type WatchInput, type WatchOutput, type WatchState } from "../../core/watch/state.ts";
import { watchStep } from "../../core/watch/step.ts";

/** A kind as small as a kind can be. */
export interface Thing {
  readonly metadata: ObjectMeta;
  readonly size: number;
}

export const decodeThing: Decode<Thing> = decoder(
  t.type({ metadata: ObjectMetaCodec, size: t.number }),
  (thing) => thing,
);

export const thingConfig = (
  settings: Partial<WatchSettings<Thing>> = {},
): ReturnType<typeof watchConfig<Thing>> =>
  watchConfig<Thing>({ kind: "Thing", path: "/apis/x/v1/things", decode: decodeThing, ...settings });

/** A thing as the API server writes it; `size` of another type makes it a bad one. */
export const thing = (
  name: string,
  version: string | number,
  size: unknown = 1,
): Record<string, unknown> => ({
  metadata: { name, namespace: "ns", uid: `uid-${name}`, resourceVersion: String(version) },
  size,
});

export const listBody = (version: string | number, items: unknown, next?: string): string =>
  JSON.stringify({
    kind: "ThingList",
    metadata: { resourceVersion: String(version), ...(next === undefined ? {} : { continue: next }) },
    items,
  });

export const eventLine = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;

export const bookmark = (version: string | number): string =>
  eventLine("BOOKMARK", { metadata: { resourceVersion: String(version) } });

export const errorLine = (code: number, more: Record<string, unknown> = {}): string =>
  eventLine("ERROR", { kind: "Status", status: "Failure", code, message: `error ${code}`, ...more });

const encoder = new TextEncoder();

export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

export const response = (status = 200, retryAfterMs?: number): WatchInput => ({
  _tag: "Response",
  status,
  retryAfterMs,
});
export const chunk = (text: string): WatchInput => ({ _tag: "Chunk", bytes: bytesOf(text) });
export const start: WatchInput = { _tag: "Start" };
export const end: WatchInput = { _tag: "End" };
export const relist: WatchInput = { _tag: "Relist" };
export const broken: WatchInput = {
  _tag: "Broken",
  fault: { _tag: "Unavailable", message: "connection reset" },
};

/** A whole answer. */
export const answer = (status: number, text: string, retryAfterMs?: number): readonly WatchInput[] => [
  response(status, retryAfterMs),
  chunk(text),
  end,
];

/** An output in a few words, for tables. */
export const summary = (output: WatchOutput<Thing>): string => {
  switch (output._tag) {
    case "Send": {
      const { watch, resourceVersion, limit, continue: next } = output.request.query ?? {};
      if (watch !== undefined) return `watch ${resourceVersion}`;
      return `list${limit === undefined ? " whole" : ""}${next === undefined ? "" : ` ${next}`}`;
    }
    case "Abort":
      return "abort";
    case "Replaced": {
      const names = output.items.map((item) => item.metadata.name);
      const bad = output.bad.map((item) => `!${item.name}`);
      return `replaced [${[...names, ...bad].join(" ")}]`;
    }
    case "Applied":
      return `applied ${output.item.metadata.name}`;
    case "Undecodable":
      return `undecodable ${output.bad.name}`;
    case "Deleted":
      return `deleted ${output.ref.name} ${output.ref.uid}`;
    case "Warning":
      return `warning ${/ at \S+: (\w+): /.exec(output.message)?.[1] ?? "ignored"}`;
  }
};

/** The machine with a clock in the hand. */
export class Machine {
  state: WatchState<Thing> = initialWatch;
  now = 0;
  readonly config: ReturnType<typeof thingConfig>;
  readonly outputs: WatchOutput<Thing>[] = [];

  constructor(settings: Partial<WatchSettings<Thing>> = {}) {
    this.config = thingConfig(settings);
  }

  /** Gives inputs at this moment; tells what came out of all of them. */
  give(...inputs: readonly WatchInput[]): readonly string[] {
    const told: string[] = [];
    for (const input of inputs) {
      const [state, outputs] = watchStep(this.config, this.state, input, { mono: this.now, wall: this.now });
      this.state = state;
      this.outputs.push(...outputs);
      told.push(...outputs.map(summary));
    }
    return told;
  }

  /** Lets time pass. */
  pass(ms: number): this {
    this.now += ms;
    return this;
  }

  /** Lets time pass until the machine wants to be woken; tells for how long. */
  untilWake(): number {
    const ms = (this.state.wakeAt ?? NaN) - this.now;
    this.now += ms;
    return ms;
  }
}

/** A machine that has listed `a` at version 5 and watches. */
export const watchingMachine = (settings: Partial<WatchSettings<Thing>> = {}): Machine => {
  const machine = new Machine(settings);
  machine.give(start, ...answer(200, listBody(5, [thing("a", 3)])), response());
  return machine;
};
