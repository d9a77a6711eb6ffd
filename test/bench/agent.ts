// Our agent, as the benchmark runs it: AGENT KUBECONFIG NODE [ours|fetch|lean] [FILE of a back end that survives].
import process from "node:process";
import { connect } from "../../adapters/connect.ts";
import { memoryProvider } from "../../adapters/provider/memory/provider.ts";
import { startVirtualNode } from "../../adapters/virtual_node.ts";
import { keptBackend } from "./backend.ts";
import { argumentsOf, hear, say, userAgentOf } from "./child_protocol.ts";

const { kubeconfig, node } = argumentsOf();
const [mode = "ours", file] = process.argv.slice(4);
const { api, close } = await connect({
  kubeconfig,
  userAgent: userAgentOf(node),
  client: mode === "fetch" ? "fetch" : "ky",
});
const kept = file === undefined ? undefined : keptBackend(file);
const started = performance.now();
const running = startVirtualNode({
  name: node,
  api,
  provider: kept ?? memoryProvider(),
  node: { capacity: { cpu: "1000", memory: "1000Gi", pods: "20000" } },
  podPolicy: { terminalStatus: mode !== "lean" },
});
running.done.catch((error) => {
  console.error(error);
  process.exit(1);
});
say(`begun ${Date.now()}`);
void running.ready.then(() => say(`ready ${Math.round(performance.now() - started)}`));
await hear((line) => {
  if (line !== "save") return;
  kept?.save();
  say("saved");
});
await running.stop();
await close();
process.exit(0);
