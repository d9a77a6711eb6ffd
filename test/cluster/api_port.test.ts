import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import { apiPortContract } from "../contract/api_port.ts";
import { apiPorts } from "../tools/api_ports.ts";
import { runChecks } from "../tools/checks.ts";

const kubeconfig = process.env.VK_TEST_KUBECONFIG;
if (kubeconfig === undefined || kubeconfig === "") {
  throw new Error("VK_TEST_KUBECONFIG must name the admin kubeconfig of a cluster that tests may write to");
}

const folder = mkdtempSync(join(tmpdir(), "vk-api-port-"));

for (const { name, make } of apiPorts(kubeconfig, folder)) {
  runChecks(`ApiPort: ${name}`, apiPortContract({ make }));
}

const clean = suite("clean up");
clean("the kubeconfigs that were made are removed", () => rmSync(folder, { recursive: true }));
clean.run();
