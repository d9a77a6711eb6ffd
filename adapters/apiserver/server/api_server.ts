import { systemClock } from "../../clock.ts";
import type { Clock, Logger } from "../../ports.ts";
import { bootstrap } from "../bootstrap.ts";
import type { ControlSettings } from "../controllers/settings.ts";
import { planFault } from "../faults.ts";
import type { Json } from "../object.ts";
import type { PlannedFault } from "../planned_fault.ts";
import type { Change } from "../response.ts";
import type { ServerSettings, ServerState } from "../state.ts";
import type { User } from "../user.ts";
import { type Dial, type Fetch, inProcessFetch } from "./in_process.ts";
import type { Authority } from "./pki.ts";
import { makeRunning, type Running } from "./running.ts";
import { signApproved } from "./sign.ts";
import { toRequest } from "./to_request.ts";

/** What {@link makeApiServer} starts with. */
export interface ApiServerOptions {
  /** Of a new state. */
  readonly settings?: Partial<ServerSettings>;
  /** To go on from, instead of a new one. */
  readonly state?: ServerState;
  readonly clock?: Clock;
  /** Whether anything happens by itself: namespaces get service accounts, pods get nodes, and so on. Default `true`. */
  readonly controllers?: boolean | Partial<ControlSettings>;
  /** Who `fetch` speaks as. Default: an administrator. */
  readonly user?: User;
  /** What approved certificate requests are signed with. Without it they wait. */
  readonly authority?: Authority;
  /** The way to the nodes, for logs and proxies. Without it they are answered with 501. */
  readonly dial?: Dial;
  /** Called after every change with what has changed, in the order of revisions. */
  readonly onChange?: (changes: readonly Change[]) => void;
  readonly logger?: Logger;
}

/** Status and body of an answer. */
export interface Told {
  readonly status: number;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

/** A Kubernetes API server in this process. */
export interface ApiServer {
  /** As somebody who shows no other credentials: the user of the options. Any host will do. */
  readonly fetch: Fetch;
  /** The same as somebody else; `undefined` is nobody, whom only a bearer token tells. */
  fetchAs(user: User | undefined): Fetch;
  /** A request that is answered at once, as the user of the options. Not for watches, logs and proxies. */
  ask(method: string, target: string, body?: Json, contentType?: string): Told;
  /** The object at a path, if there is one. */
  // deno-lint-ignore no-explicit-any
  get(path: string): any;
  /** Creates an object or changes it, like `kubectl apply --server-side --force-conflicts`; the path is the object's. Throws when it is refused. */
  apply(path: string, object: Json): Told["body"];
  state(): ServerState;
  /** The next requests that fit fail as the plan says. */
  fail(fault: PlannedFault): void;
  /** Resolves as soon as the condition holds after a change, and rejects after the bound. */
  until(what: string, condition: () => boolean, boundMs: number): Promise<void>;
  /** Ends all watches and everything that happens by itself. */
  close(): void;
}

const administrator: User = { name: "admin", groups: ["system:masters", "system:authenticated"] };

const asker = (running: Running, user: User): ApiServer["ask"] => (method, target, body, contentType) => {
  const headers = { "content-type": contentType ?? "application/json", accept: "application/json" };
  const text = body === undefined ? undefined : JSON.stringify(body);
  const { response } = running.ask(toRequest({ method, target, headers, user, body: text }));
  switch (response._tag) {
    case "Answer":
      return { status: response.status, body: response.body };
    case "Text":
      return { status: response.status, body: response.text };
    case "Watch":
    case "Proxy":
      throw new TypeError(`${method} ${target} is answered by a stream: use fetch`);
  }
};

const waiter = (running: Running): ApiServer["until"] => (what, condition, boundMs) =>
  new Promise((resolve, reject) => {
    let quit = (): void => {};
    const end = (settle: () => void): void => {
      quit();
      clearTimeout(timer);
      settle();
    };
    const look = (): void => {
      try {
        if (condition()) end(resolve);
      } catch (error) {
        end(() => reject(error));
      }
    };
    const timer = setTimeout(
      () => end(() => reject(new Error(`${what} did not happen within ${boundMs} ms`))),
      boundMs,
    );
    quit = running.listen(look);
    look();
  });

const applier = (ask: ApiServer["ask"]): ApiServer["apply"] => (path, object) => {
  const query = "fieldManager=api-server&force=true";
  const { status, body } = ask("PATCH", `${path}?${query}`, object, "application/apply-patch+yaml");
  if (status < 300) return body;
  throw new Error(`${path} was not applied: HTTP ${status}: ${body?.message}`);
};

/** The server, and what carries its requests: for those that put it on a network. */
export const makeRunningServer = (
  options: ApiServerOptions,
): { readonly server: ApiServer; readonly running: Running } => {
  const { clock = systemClock, controllers = true, user = administrator, dial, logger, onChange } = options;
  const state = options.state ?? bootstrap(options.settings ?? {}, clock.now());
  const running = makeRunning({
    state,
    clock,
    controllers,
    onRefused: ({ controller, request, response }) =>
      logger?.log("warn", "a controller was refused", {
        controller,
        request: `${request.method} ${request.path}`,
        status: response._tag === "Answer" ? response.status : 200,
      }),
  });
  if (onChange !== undefined) running.listen(onChange);
  if (options.authority !== undefined) signApproved(running, options.authority);
  const ask = asker(running, user);
  const fetchAs: ApiServer["fetchAs"] = (who) => inProcessFetch(running, dial, who);
  const server: ApiServer = {
    fetch: fetchAs(user),
    fetchAs,
    ask,
    get: (path) => {
      const { status, body } = ask("GET", path);
      return status === 200 ? body : undefined;
    },
    apply: applier(ask),
    state: running.state,
    fail: (fault) => running.replace((now) => planFault(now, fault)),
    until: waiter(running),
    close: running.close,
  };
  return { server, running };
};

/**
 * An in-memory Kubernetes API server without a network: nodes, pods and what belongs to them, with the answers of the real one.
 * It needs nothing of a runtime but `fetch`'s classes, and holds no timer once it is closed.
 *
 * ```ts
 * import { makeApiServer } from "virtual-kubelet/testing";
 *
 * const server = makeApiServer();
 * const answer = await server.fetch("https://any.invalid/api/v1/namespaces/default");
 * console.log((await answer.json()).status.phase); // Active
 * server.close();
 * ```
 */
export const makeApiServer = (options: ApiServerOptions = {}): ApiServer => makeRunningServer(options).server;
