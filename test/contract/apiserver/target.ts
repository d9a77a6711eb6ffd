// What the contract of an API server is tried on: the real one, and ours. Both are only reached by `fetch`.

/** Who speaks. The admin may do everything; a user is the admin impersonating. */
export type Speaker =
  | "admin"
  | "anonymous"
  | { readonly token: string }
  | { readonly user: string; readonly groups?: readonly string[] };

export interface SendOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Of the body: `application/json` when absent. */
  readonly contentType?: string;
  readonly as?: Speaker;
  readonly signal?: AbortSignal;
}

/** `body` is the parsed JSON, or the text where it is none. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
  readonly text: string;
}

export interface WatchNews {
  readonly type: string;
  // deno-lint-ignore no-explicit-any
  readonly object: any;
}

/** The events of a watch, one after the other. */
export interface WatchReader {
  readonly status: number;
  /** The next event, or `undefined` when the server has ended the stream. Throws after the bound. */
  next(boundMs?: number): Promise<WatchNews | undefined>;
  /** The next event that is no bookmark and whose object has this name. */
  nextOf(name: string, boundMs?: number): Promise<WatchNews>;
  close(): void;
}

export interface Target {
  readonly name: string;
  readonly isReal: boolean;
  send(method: string, path: string, options?: SendOptions): Promise<Reply>;
  /** Opens `GET path?watch=true`; an answer that is no stream is one event of type `ANSWER`. */
  watch(path: string, options?: SendOptions): Promise<WatchReader>;
  /** A namespace of its own in which pods can be created (its default service account is there). */
  namespace(): Promise<string>;
  /** Lets so much time go by at once, where time can be moved; otherwise it has to be waited for. */
  readonly skip?: ((ms: number) => void) | undefined;
}

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export interface Reach {
  readonly name: string;
  readonly isReal: boolean;
  readonly server: string;
  /** With the admin's credentials. */
  readonly admin: Fetch;
  /** Without any. */
  readonly nobody: Fetch;
  readonly skip?: (ms: number) => void;
}

const boundMs = 15_000;

const impersonation = (speaker: Speaker | undefined): readonly (readonly [string, string])[] => {
  if (typeof speaker !== "object") return [];
  if ("token" in speaker) return [["authorization", `Bearer ${speaker.token}`]];
  const groups = (speaker.groups ?? []).map((group) => ["impersonate-group", group] as const);
  return [["impersonate-user", speaker.user], ...groups];
};

const request = (reach: Reach, method: string, path: string, options: SendOptions): Promise<Response> => {
  const { query, headers, body, contentType = "application/json", as, signal } = options;
  const search = query === undefined ? "" : `?${new URLSearchParams(query)}`;
  const sent = new Headers({ ...(body === undefined ? {} : { "content-type": contentType }), ...headers });
  for (const [name, value] of impersonation(as)) sent.append(name, value);
  const isAdmin = as === undefined || as === "admin" || (typeof as === "object" && "user" in as);
  return (isAdmin ? reach.admin : reach.nobody)(`${reach.server}${path}${search}`, {
    method,
    headers: sent,
    ...(signal === undefined ? {} : { signal }),
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

async function* linesOf(response: Response): AsyncGenerator<string> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

const within = async <A>(what: string, ms: number, promise: Promise<A>): Promise<A> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${what}`)), ms);
  });
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

const openWatch = async (reach: Reach, path: string, options: SendOptions): Promise<WatchReader> => {
  const ending = new AbortController();
  const query = { watch: "true", ...options.query };
  const response = await request(reach, "GET", path, { ...options, query, signal: ending.signal });
  const lines = linesOf(response);
  const next = async (ms = boundMs): Promise<WatchNews | undefined> => {
    if (response.status !== 200) return { type: "ANSWER", object: parsed(await response.text()) };
    const { value, done } = await within(`an event of ${path}`, ms, lines.next());
    return done === true ? undefined : JSON.parse(value);
  };
  const nextOf = async (name: string, ms?: number): Promise<WatchNews> => {
    for (;;) {
      const news = await next(ms);
      if (news === undefined) throw new Error(`${path}: the watch ended before news of ${name}`);
      if (news.type !== "BOOKMARK" && news.object?.metadata?.name === name) return news;
    }
  };
  return { status: response.status, next, nextOf, close: () => ending.abort() };
};

let namespaces = 0;

export const targetOf = (reach: Reach): Target => {
  const send: Target["send"] = async (method, path, options = {}) => {
    const response = await request(reach, method, path, {
      signal: AbortSignal.timeout(boundMs),
      ...options,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text), text };
  };
  return {
    name: reach.name,
    isReal: reach.isReal,
    skip: reach.skip,
    send,
    watch: (path, options = {}) => openWatch(reach, path, options),
    namespace: async () => {
      const name = `contract-${Date.now().toString(36)}-${namespaces++}`;
      await send("POST", "/api/v1/namespaces", {
        body: { apiVersion: "v1", kind: "Namespace", metadata: { name } },
      });
      const account = `/api/v1/namespaces/${name}/serviceaccounts/default`;
      for (const end = performance.now() + boundMs; performance.now() < end;) {
        if ((await send("GET", account)).status === 200) return name;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`namespace ${name} got no default service account within ${boundMs} ms`);
    },
  };
};
