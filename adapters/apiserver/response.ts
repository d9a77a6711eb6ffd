import type { ApiObject, Json } from "./object.ts";
import type { Watch, WatchEvent } from "./watch/watch.ts";

export type Headers = Readonly<Record<string, string>>;

/** What the server answers: pure data, that whoever carries requests puts on a wire. */
export type ServerResponse =
  | { readonly _tag: "Answer"; readonly status: number; readonly headers?: Headers; readonly body: Json }
  /** Not JSON: health, metrics. */
  | {
    readonly _tag: "Text";
    readonly status: number;
    readonly headers?: Headers;
    readonly contentType: string;
    readonly text: string;
  }
  /** A stream of `WatchEvent`s, a line each, that begins with these and goes on with `advance(watch, …)`. */
  | { readonly _tag: "Watch"; readonly watch: Watch; readonly events: readonly WatchEvent[] }
  /** Asked of a node's own API: the caller dials it and passes bytes both ways. */
  | { readonly _tag: "Proxy"; readonly target: ProxyTarget };

/** `https://host:port/path?query` of a node's kubelet API (or of a pod's own port, by `scheme: "http"`). */
export interface ProxyTarget {
  /**
   * How the answer is passed on: as a log (text, and a refusal as a `Status`), only by switching protocols, or as it is with
   * the caller's method, headers and body.
   */
  readonly manner: "Log" | "Stream" | "Plain";
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port: number;
  /** With its query. */
  readonly path: string;
  /** What the request names, for what is said when it fails. */
  readonly name: string;
  /** Asked as the API server, with its client certificate: the node's kubelet API. Another port is asked as nobody. */
  readonly isKubelet: boolean;
  /** The caller does not want the serving certificate verified, even if the server would. */
  readonly isInsecure: boolean;
}

/** One write, in the order of revisions. */
export interface Change {
  readonly revision: number;
  /** `pods`, `leases.coordination.k8s.io`. */
  readonly resource: string;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** As it is now; of a deletion, as it was last, with the resourceVersion of the deletion. */
  readonly object: ApiObject;
  /** Before it; absent on `ADDED`. */
  readonly previous?: ApiObject;
}
