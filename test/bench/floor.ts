// The floor: the least that an agent can do. A bare watch, one PATCH to Running, one terminal PATCH, one DELETE, no state.
import process from "node:process";
import { endedStatus, finalDelete, podsPath, runningStatus, statusPath, strategicMerge } from "./bodies.ts";
import { argumentsOf, hear, say, userAgentOf } from "./child_protocol.ts";
import { openClient } from "./client.ts";

const { kubeconfig, node } = argumentsOf();
const client = await openClient(kubeconfig, userAgentOf(node));
const stop = new AbortController();

const must = async (sent: Promise<number>, what: string): Promise<void> => {
  const status = await sent;
  if (status > 299) throw new Error(`${what}: HTTP ${status}`);
};

const finish = async (name: string, uid: string, version: string): Promise<void> => {
  await must(client.send("PATCH", statusPath(name), endedStatus(uid, version), strategicMerge), "ending");
  await must(client.send("DELETE", `${podsPath}/${name}`, finalDelete(uid)), "deleting");
};

const follow = async (): Promise<void> => {
  const selector = `fieldSelector=spec.nodeName%3D${node}`;
  const list = await client.json("GET", `/api/v1/pods?${selector}`);
  const { resourceVersion: from } = list.metadata;
  say("ready");
  for await (const { type, object } of client.watch(`/api/v1/pods?${selector}`, from, stop.signal)) {
    const { name, uid, resourceVersion, deletionTimestamp } = object.metadata;
    if (type === "ADDED") {
      const body = runningStatus(uid, resourceVersion);
      void must(client.send("PATCH", statusPath(name), body, strategicMerge), "running");
    } else if (
      type === "MODIFIED" && deletionTimestamp !== undefined && object.status.phase === "Running"
    ) void finish(name, uid, resourceVersion);
  }
};

const following = follow();
await hear(() => {});
stop.abort();
await following;
await client.close();
process.exit(0);
