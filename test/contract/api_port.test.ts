// The contract of an ApiPort on our API server: over HTTPS, and in this process.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { makeApiServer } from "../../adapters/apiserver/server/api_server.ts";
import { startApiServer } from "../../adapters/apiserver/server/start.ts";
import { kyApi } from "../../adapters/kubernetes/ky.ts";
import { apiPorts } from "../tools/api_ports.ts";
import { runChecks } from "../tools/checks.ts";
import { apiPortContract } from "./api_port.ts";

const dir = mkdtempSync(join(tmpdir(), "vk-api-port-"));
const started = await startApiServer({ dir });

for (const { name, make } of apiPorts(join(dir, "admin.kubeconfig"), dir)) {
  runChecks(`ApiPort: ${name}`, apiPortContract({ make, lookMs: 1 }));
}

const server = makeApiServer();
runChecks(
  "ApiPort: ky, without a network",
  apiPortContract({
    make: (speaker) => {
      const token = speaker === "admin" ? undefined : speaker.token;
      const fetch = speaker === "admin" ? server.fetch : server.fetchAs(undefined);
      const api = kyApi({ server: "https://api.invalid", fetch, token });
      return Promise.resolve({ api, close: () => Promise.resolve() });
    },
    lookMs: 1,
  }),
);

const end = suite("the servers");
end("end", async () => {
  server.close();
  await started.close();
  rmSync(dir, { recursive: true, force: true });
});
end.run();
