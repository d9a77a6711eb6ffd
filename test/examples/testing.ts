// A node and a pod on an API server in memory, without a network: deno run test/examples/testing.ts
import { kyApi, memoryProvider, startVirtualNode } from "../../mod.ts"; // elsewhere: "virtual-kubelet"
import { makeApiServer } from "../testing.ts"; // elsewhere: "virtual-kubelet/testing"

const server = makeApiServer();
const api = kyApi({ server: "https://any.invalid", fetch: server.fetch });
const node = startVirtualNode({ name: "virtual-1", api, provider: memoryProvider() });
await node.ready;

const web = "/api/v1/namespaces/default/pods/web";
server.apply(web, {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web" },
  spec: { tolerations: [{ operator: "Exists" }], containers: [{ name: "app", image: "nginx" }] },
});
await server.until("web runs", () => server.get(web).status.phase === "Running", 10_000);
console.log(server.get(web).spec.nodeName, server.get(web).status.phase); // virtual-1 Running

await node.stop();
server.close();
