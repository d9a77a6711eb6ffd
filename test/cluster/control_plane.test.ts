import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { mustRun } from "../tools/child.ts";

const test = suite("the control plane of the tests");

const { VK_TEST_KUBECONFIG = "", VK_TEST_KUBECTL = "" } = process.env;

const kubectl = (...args: readonly string[]): Promise<string> =>
  mustRun(VK_TEST_KUBECTL, ["--kubeconfig", VK_TEST_KUBECONFIG, ...args], {
    signal: AbortSignal.timeout(60_000),
  });

test("kubectl reaches the API server, of its own version", async () => {
  const { clientVersion, serverVersion } = JSON.parse(await kubectl("version", "-o", "json"));
  assert.is(serverVersion.gitVersion, clientVersion.gitVersion);
});

test.run();
