import { bootstrap } from "../../adapters/apiserver/bootstrap.ts";
import { type Control, startControl } from "../../adapters/apiserver/controllers/control.ts";
import { settle, type Settled } from "../../adapters/apiserver/controllers/settle.ts";
import type { ControlSettings } from "../../adapters/apiserver/controllers/settings.ts";
import { handle } from "../../adapters/apiserver/handle.ts";
import type { ApiObject, Json } from "../../adapters/apiserver/object.ts";
import type { Change } from "../../adapters/apiserver/response.ts";
import type { ServerState } from "../../adapters/apiserver/state.ts";
import { serverItself } from "../../adapters/apiserver/user.ts";

// A server with its controllers and a clock, without anything that happens by itself.

const wallAtStart = Date.UTC(2026, 0, 1);

/** At most so many times more is there to do at once: more than that is a loop that does not end. */
const mostTurns = 100;

export class Controlled {
  state: ServerState;
  control: Control;
  mono = 0;
  /** What the server was not willing to do for its controllers, as `controller: METHOD path -> status`. */
  readonly refused: string[] = [];
  #wakeAt: number | undefined;
  #settings: Partial<ControlSettings>;

  constructor(settings: Partial<ControlSettings> = {}) {
    this.#settings = settings;
    this.state = bootstrap({ caBundle: "bundle" }, this.now);
    this.control = startControl(settings);
    this.settle([]);
  }

  get now(): { readonly mono: number; readonly wall: number } {
    return { mono: this.mono, wall: wallAtStart + this.mono };
  }

  get wakeAt(): number | undefined {
    return this.#wakeAt;
  }

  /** Lets the controllers do what there is to do; what they have changed. */
  settle(changes: readonly Change[]): readonly Change[] {
    const made: Change[] = [];
    let news = changes;
    for (let turn = 0; turn < mostTurns; turn++) {
      const settled: Settled = settle(handle, this, news, this.now);
      this.state = settled.state;
      this.control = settled.control;
      this.#wakeAt = settled.wakeAt;
      made.push(...settled.changes);
      for (const { controller, request, response } of settled.refused) {
        const status = response._tag === "Answer" ? response.status : response._tag;
        this.refused.push(`${controller}: ${request.method} ${request.path} -> ${status}`);
      }
      if (settled.wakeAt === undefined || settled.wakeAt > this.mono) return made;
      news = [];
    }
    throw new Error(`the controllers have not settled after ${mostTurns} turns`);
  }

  /** A request of an administrator, before the controllers have heard of it. */
  send(method: string, path: string, body?: Json, contentType = "application/json"): {
    readonly status: number;
    // deno-lint-ignore no-explicit-any
    readonly body: any;
    readonly changes: readonly Change[];
  } {
    const done = handle(this.state, {
      method,
      path,
      query: {},
      headers: { "content-type": contentType },
      user: serverItself,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }, this.now);
    this.state = done.state;
    if (done.response._tag !== "Answer") throw new Error(`${method} ${path}: ${done.response._tag}`);
    return { status: done.response.status, body: done.response.body, changes: done.changes };
  }

  /** A request, and everything that comes of it. */
  do(method: string, path: string, body?: Json, contentType?: string): readonly Change[] {
    const { changes } = this.send(method, path, body, contentType);
    return [...changes, ...this.settle(changes)];
  }

  /** Time passes; the controllers are called when they have asked to be. */
  pass(ms: number): readonly Change[] {
    const end = this.mono + ms, made: Change[] = [];
    while (this.#wakeAt !== undefined && this.#wakeAt <= end) {
      this.mono = Math.max(this.mono, this.#wakeAt);
      made.push(...this.settle([]));
    }
    this.mono = end;
    return made;
  }

  /** The controllers have forgotten everything. */
  restart(): readonly Change[] {
    this.control = startControl(this.#settings);
    return this.settle([]);
  }

  // deno-lint-ignore no-explicit-any
  get(path: string): any {
    const { status, body } = this.send("GET", path);
    return status === 200 ? body : undefined;
  }

  list(path: string): readonly ApiObject[] {
    return this.get(path).items;
  }
}
