import type { ApiRequest } from "../../core/kubernetes/request.ts";
import type { Ask } from "./asks.ts";

/** How often agents have asked what: of all pods together, and of single ones. */
export interface Tally {
  onRequest(request: ApiRequest): void;
  onAsk(ask: Ask): void;
  /** A request that has changed nothing was carried out. */
  onIdle(request: ApiRequest): void;
  /** Of `writes of pods`, `idle writes of pods`, `reads of pods`, `writes of events`, `writes of nodes`, `renewals`, `lists`, `calls`, `tokens`, `files`. */
  of(kind: string): number;
  /** Writes of the pod's object by its name. */
  writes(pod: string): number;
  reads(pod: string): number;
}

const podOf = ({ path }: ApiRequest): string | undefined => /\/pods\/([^/]+)/.exec(path)?.[1];

const kindOf = ({ method, path, query }: ApiRequest): string => {
  if (path.includes("/leases")) return "renewals";
  if (path.endsWith("/events") || path.includes("/events/")) return "writes of events";
  if (path.endsWith("/token")) return "tokens";
  if (method === "GET") return query?.watch === "true" ? "watches" : "lists";
  return path.startsWith("/api/v1/nodes") ? "writes of nodes" : "writes of pods";
};

export const makeTally = (): Tally => {
  const all = new Map<string, number>();
  const add = (kind: string): void => void all.set(kind, (all.get(kind) ?? 0) + 1);
  const of = (kind: string): number => all.get(kind) ?? 0;
  return {
    onRequest: (request) => {
      const read = /metadata\.name=([^,]+)/.exec(request.query?.fieldSelector ?? "")?.[1];
      if (request.method === "GET" && read !== undefined && request.path.endsWith("/pods")) {
        add("reads of pods");
        return add(`reads of ${read}`);
      }
      add(kindOf(request));
      const pod = podOf(request);
      if (pod !== undefined) add(`writes of ${pod}`);
    },
    onAsk: ({ call, uid }) => {
      if (uid !== "") add(call === "files" ? "files" : "calls");
    },
    onIdle: (request) => {
      if (request.method === "PATCH" && podOf(request) !== undefined) add("idle writes of pods");
    },
    of,
    writes: (pod) => of(`writes of ${pod}`),
    reads: (pod) => of(`reads of ${pod}`),
  };
};
