// How often our agent asks the real API server, counted in its audit log: three writes for the life of a pod, two in the lean
// mode, no reads of pods, and nothing about pods at rest or when it starts again.
import process from "node:process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { connect } from "../../adapters/connect.ts";
import { memoryProvider } from "../../adapters/provider/memory/provider.ts";
import { startVirtualNode } from "../../adapters/virtual_node.ts";
import { type AuditLog, auditLog, countRequests, type Request } from "../bench/audit.ts";
import { type Client, openClient } from "../bench/client.ts";
import { deleteCollection, observe } from "../bench/observer.ts";
import { testUnless } from "../tools/skip.ts";
import { until } from "../tools/until.ts";

const { VK_TEST_KUBECONFIG: kubeconfig = "", VK_TEST_CONTROLPLANE_DIR: instance } = process.env;
if (kubeconfig === "") {
  throw new Error("VK_TEST_KUBECONFIG must name the admin kubeconfig of a cluster that tests may write to");
}

const log = instance === undefined ? undefined : join(instance, "audit.log");
const noAudit = log !== undefined && existsSync(log)
  ? undefined
  : "no audit log: start the control plane with CONTROLPLANE_AUDIT=1 and name its folder in VK_TEST_CONTROLPLANE_DIR";

const pods = 100;
const boundMs = 120_000;
/** Nothing can be waited for when nothing is to happen: longer than a lease's renewal, which shows that the agent lives. */
const restMs = 12_000;
const indexes: readonly number[] = Array.from({ length: pods }, (_, index) => index);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Subject {
  readonly audit: AuditLog;
  readonly client: Client;
  /** What the agent asked since a mark. */
  since(mark: number): Promise<readonly Request[]>;
  /** Ends the test: the observer cannot go on. */
  readonly failed: (error: Error) => void;
}

const start = async (
  name: string,
  terminalStatus: boolean,
  work: (subject: Subject) => Promise<void>,
): Promise<void> => {
  const audit = auditLog(log ?? "");
  const client = await openClient(kubeconfig, `vk-bench-observer/${name}`);
  const userAgent = `vk-requests/${name}`;
  const { api, close } = await connect({ kubeconfig, userAgent });
  const node = startVirtualNode({
    name,
    api,
    provider: memoryProvider(),
    node: { capacity: { cpu: "100", memory: "100Gi", pods: "1000" } },
    podPolicy: { terminalStatus },
  });
  const failing = Promise.withResolvers<never>();
  failing.promise.catch(() => {});
  const subject: Subject = {
    ...{ audit, client, failed: failing.reject },
    since: async (mark) => (await audit.since(mark)).filter((request) => request.userAgent === userAgent),
  };
  try {
    await Promise.race([node.ready, failing.promise]);
    await Promise.race([work(subject), failing.promise]);
  } finally {
    await node.stop();
    await close();
    await client.send("DELETE", `/api/v1/nodes/${name}`);
    await client.close();
  }
};

const aboutPods = (requests: readonly Request[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...countRequests(requests.filter(({ resource }) => /^(pods|events)/.test(resource)))]
      // the server ends watches that lag behind; opening one anew reads nothing
      .filter(([kind]) => kind !== "watch pods"),
  );

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

const live =
  (wanted: Readonly<Record<string, number>>, terminalStatus: boolean, name: string) => (): Promise<void> =>
    start(name, terminalStatus, async ({ audit, client, since, failed }) => {
      const observer = await observe(client, name, failed);
      try {
        const mark = audit.mark();
        // what was answered is written to the log a moment later
        const logged = (what: string, count: number): Promise<boolean> =>
          until(`${what} are in the log`, async () => total(aboutPods(await since(mark))) >= count);
        await observer.create(indexes, 16, () => {});
        await observer.until("running", pods, boundMs);
        await logged("the writes of running", pods);
        const up = audit.mark();
        await pause(restMs);
        assert.equal(aboutPods(await since(up)), {}, "nothing is asked about pods that rest");
        assert.ok(
          (await since(up)).every(({ resource }) => /^(leases|nodes|nodes\/status|pods)$/.test(resource)),
          "at rest there are only the lease, the node and the watches",
        );
        await deleteCollection(client, name, 1);
        await observer.until("gone", pods, boundMs);
        await logged("the requests", total(wanted));
        assert.equal(aboutPods(await since(mark)), wanted);
      } finally {
        observer.close();
        // whatever failed: the next run begins without pods of this one
        await deleteCollection(client, name, 0);
      }
    });

const test = suite("requests, counted by the API server");

testUnless(
  noAudit,
  test,
  `the lives of ${pods} pods cost three writes each, no reads, and nothing at rest`,
  live({ "patch pods/status": 2 * pods, "delete pods": pods }, true, "requests-full"),
);

testUnless(
  noAudit,
  test,
  `without the terminal status they cost two writes each`,
  live({ "patch pods/status": pods, "delete pods": pods }, false, "requests-lean"),
);

test.run();
