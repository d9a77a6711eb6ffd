import { bootstrap } from "../../adapters/apiserver/bootstrap.ts";
import type { Done } from "../../adapters/apiserver/call.ts";
import { handle } from "../../adapters/apiserver/handle.ts";
import { visitAfter } from "../../adapters/apiserver/objects.ts";
import type { ServerRequest } from "../../adapters/apiserver/request.ts";
import type { Change } from "../../adapters/apiserver/response.ts";
import type { ServerSettings, ServerState } from "../../adapters/apiserver/state.ts";
import type { Now } from "../../core/time.ts";

/** The user of requests that say no other. */
const admin = { name: "admin", groups: ["system:masters"] };

export interface AskOptions {
  readonly query?: Readonly<Record<string, string>>;
  /** Text as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly contentType?: string;
}

/** A request of the admin's. */
export const requestOf = (
  method: string,
  path: string,
  { query = {}, body, contentType = "application/json" }: AskOptions = {},
): ServerRequest => ({
  method,
  path,
  query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]])),
  headers: { "content-type": contentType, "user-agent": "test/1" },
  ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  user: admin,
});

/** A state, the time, and all that was written: what a server would hold. */
export interface Held {
  state: ServerState;
  now: Now;
  readonly changes: Change[];
  ask(
    method: string,
    path: string,
    options?: AskOptions,
  ): Done & { readonly code: number; readonly body: any };
  wait(ms: number): void;
}

export const held = (settings: Partial<ServerSettings> = {}): Held => {
  const now: Now = { mono: 0, wall: Date.UTC(2026, 0, 1) };
  const server: Held = {
    state: bootstrap(settings, now),
    now,
    changes: [],
    ask: (method, path, options) => {
      const done = handle(server.state, requestOf(method, path, options), server.now);
      server.state = done.state;
      server.changes.push(...done.changes);
      const { response } = done;
      const isAnswer = response._tag === "Answer";
      return { ...done, code: isAnswer ? response.status : 200, body: isAnswer ? response.body : undefined };
    },
    wait: (ms) => server.now = { mono: server.now.mono + ms, wall: server.now.wall + ms },
  };
  return server;
};

const freezeJson = (value: unknown): void => {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const field of Object.values(value)) freezeJson(field);
};

/**
 * A write to anything in the state throws from now on. The nodes of its trees are left out: they are shared with a mark that says
 * so, and what they hold is frozen.
 */
export const freezeState = (state: ServerState): ServerState => {
  for (const objects of Object.values(state.objects)) {
    visitAfter(objects, "", (_, object) => {
      freezeJson(object);
      return true;
    });
    Object.freeze(objects);
  }
  for (const part of [state.history, state.expiring, state.objects]) Object.freeze(part);
  freezeJson(state.settings);
  freezeJson(state.faults);
  return Object.freeze(state);
};
