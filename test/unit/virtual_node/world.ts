import {
  kyApi,
  type LogFields,
  type Logger,
  startVirtualNode,
  type Telemetry,
  type VirtualNode,
  type VirtualNodeOptions,
} from "../../../mod.ts";
import { type ApiServer, makeApiServer } from "../../../adapters/apiserver/server/api_server.ts";

export const boundMs = 20_000;
export const name = "lib-1";

/** A virtual node on an API server in memory, and what was told about it. */
export interface World {
  readonly server: ApiServer;
  readonly node: VirtualNode;
  readonly lines: readonly string[];
  readonly spans: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
  /** A pod bound to the node. */
  run(pod: string, more?: { readonly restartPolicy?: string; readonly image?: string }): void;
  pod(pod: string): Record<string, any> | undefined;
  nodeObject(): Record<string, any> | undefined;
  condition(type: string): string | undefined;
}

type Answer = (url: string, init?: RequestInit) => Response | undefined;

/** Runs `body` with a node of these options, and stops it whatever happens. `intercept` answers instead of the server. */
export const inWorld = async (
  options: Omit<VirtualNodeOptions, "name" | "api">,
  body: (world: World) => Promise<void>,
  intercept: Answer = () => undefined,
): Promise<void> => {
  const server = makeApiServer();
  const lines: string[] = [];
  const spans: string[] = [];
  const counts = new Map<string, number>();
  const logger: Logger = {
    log: (level, text, fields) => void lines.push(`${level} ${text} ${JSON.stringify(fields)}`),
  };
  const telemetry: Telemetry = {
    span: (what: string, _fields: LogFields) => ({ end: (outcome) => void spans.push(`${what} ${outcome}`) }),
    count: (what, value) => void counts.set(what, (counts.get(what) ?? 0) + value),
  };
  const fetch: ApiServer["fetch"] = async (url, init) =>
    intercept(url, init) ?? await server.fetch(url, init);
  const api = kyApi({ server: "https://api.invalid", token: "s3cret-token", fetch, telemetry });
  const node = startVirtualNode({ name, api, logger, telemetry, ...options });
  const path = (pod: string): string => `/api/v1/namespaces/default/pods/${pod}`;
  const nodeObject = (): Record<string, any> | undefined => server.get(`/api/v1/nodes/${name}`);
  try {
    await body({
      server,
      node,
      lines,
      spans,
      counts,
      run: (pod, more = {}) =>
        server.apply(path(pod), {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { namespace: "default", name: pod },
          spec: {
            nodeName: name,
            restartPolicy: more.restartPolicy ?? "Always",
            containers: [{ name: "main", image: more.image ?? "web:1" }],
          },
        }),
      pod: (pod) => server.get(path(pod)),
      nodeObject,
      condition: (type) =>
        nodeObject()?.status?.conditions?.find((condition: { type: string }) => condition.type === type)
          ?.status,
    });
  } finally {
    await node.stop();
    server.close();
  }
};
