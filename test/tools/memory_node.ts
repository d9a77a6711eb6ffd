import { makeApiServer } from "../../adapters/apiserver/server/api_server.ts";

/** The library, from wherever it was imported. */
type Library = Pick<typeof import("../../mod.ts"), "kyApi" | "memoryProvider" | "startVirtualNode">;

const boundMs = 20_000;
const node = "memory-node";
const pod = "/api/v1/namespaces/default/pods/web";

const isReady = (object: Record<string, any> | undefined): boolean =>
  object?.status?.conditions?.some(({ type, status }: Record<string, string>) =>
    type === "Ready" && status === "True"
  );

/** One pod's whole life on a node with the memory provider, behind a `fetch` handler. Rejects when any part is missing. */
export const runMemoryNode = async ({ kyApi, memoryProvider, startVirtualNode }: Library): Promise<void> => {
  const server = makeApiServer();
  const bound = new AbortController();
  const timer = setTimeout(() => bound.abort(), 3 * boundMs);
  const api = kyApi({ server: "https://api.invalid", fetch: server.fetch });
  const running = startVirtualNode({
    name: node,
    api,
    provider: memoryProvider(),
    signal: bound.signal,
  });
  try {
    await server.until("the node being Ready", () => isReady(server.get(`/api/v1/nodes/${node}`)), boundMs);
    await running.ready;
    server.apply(pod, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { namespace: "default", name: "web" },
      spec: {
        nodeName: node,
        containers: [{ name: "main", image: "web:1" }],
        terminationGracePeriodSeconds: 1,
      },
    });
    await server.until("the pod running", () => server.get(pod)?.status?.phase === "Running", boundMs);
    server.ask("DELETE", pod);
    await server.until("the pod being gone", () => server.get(pod) === undefined, boundMs);
  } finally {
    clearTimeout(timer);
    await running.stop();
    server.close();
  }
};
