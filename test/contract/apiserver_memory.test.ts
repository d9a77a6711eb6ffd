// The contract of an API server on ours: in this process, and over HTTPS with a kubeconfig of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { makeApiServer } from "../../adapters/apiserver/server/api_server.ts";
import { makeDial } from "../../adapters/apiserver/server/dial.ts";
import { makeAuthority } from "../../adapters/apiserver/server/pki.ts";
import { startApiServer } from "../../adapters/apiserver/server/start.ts";
import { SkippingClock } from "../tools/skipping_clock.ts";
import { apiServerContract } from "./apiserver/contract.ts";
import { targetOfServer } from "./apiserver/memory.ts";
import { targetOfKubeconfig } from "./apiserver/real.ts";

const dir = mkdtempSync(join(tmpdir(), "vk-apiserver-"));
const authority = await makeAuthority("contract-ca");
const credentials = await authority.client({
  commonName: "kube-apiserver-kubelet-client",
  organizations: ["system:masters"],
});
const clock = new SkippingClock();
const inProcess = makeApiServer({
  authority,
  clock,
  dial: makeDial({ credentials }),
  settings: { caBundle: authority.cert },
});
const started = await startApiServer({ dir, clock });
// before the first suite: uvu begins once nothing more is waited for
const targets = [
  targetOfServer("ours, in this process", inProcess),
  await targetOfKubeconfig("ours, over HTTPS", false, join(dir, "admin.kubeconfig")),
];

for (const target of targets) apiServerContract({ ...target, skip: (ms) => clock.skip(ms) });

const end = suite("ours");
end("end", async () => {
  inProcess.close();
  await started.close();
  rmSync(dir, { recursive: true, force: true });
});
end.run();
