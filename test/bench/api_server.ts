// Our API server in a process of its own, for the benchmark: says where its kubeconfig is and what it weighs.
//   node test/bench/api_server.ts DIR _
import process from "node:process";
import { startApiServer } from "../../adapters/apiserver/server/start.ts";
import { argumentsOf, hear, say } from "./child_protocol.ts";

const { kubeconfig: dir } = argumentsOf();
const server = await startApiServer({ dir });
say(`ready ${server.kubeconfigFiles?.certificate}`);
await hear(() => undefined);
await server.close();
process.exit(0);
