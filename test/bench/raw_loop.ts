// The raw loop: sends the bytes that our agent sends, as many at a time, and watches nothing. It is told by the benchmark
// what was created (`NAME UID`), and then to end everything (`drain`).
import process from "node:process";
import { systemClock } from "../../adapters/clock.ts";
import { makeLane } from "../../adapters/lane.ts";
import { endedStatus, finalDelete, podsPath, runningStatus, statusPath, strategicMerge } from "./bodies.ts";
import { argumentsOf, hear, say, userAgentOf } from "./child_protocol.ts";
import { openClient } from "./client.ts";

const { kubeconfig, node } = argumentsOf();
const client = await openClient(kubeconfig, userAgentOf(node));
const lane = makeLane(systemClock, { limit: 16, min: 2, max: 64 });
const pods: { readonly name: string; readonly uid: string }[] = [];

const run = (method: string, path: string, body: () => string, contentType?: string): void =>
  void lane.run(async () => {
    const status = await client.send(method, path, body(), contentType);
    // what the benchmark's own delete call has removed already is gone, as it should be
    if (status > 299 && status !== 404) throw new Error(`${method} ${path}: HTTP ${status}`);
    return "ok";
  });

const drain = (): void => {
  for (const { name, uid } of pods) {
    lane.run(async () => {
      await client.send("PATCH", statusPath(name), endedStatus(uid), strategicMerge);
      await client.send("DELETE", `${podsPath}/${name}`, finalDelete(uid));
      return "ok";
    });
  }
};

say("ready");
await hear((line) => {
  if (line === "drain") return drain();
  const [name, uid] = line.split(" ");
  if (name === undefined || uid === undefined) return;
  pods.push({ name, uid });
  run("PATCH", statusPath(name), () => runningStatus(uid), strategicMerge);
});
await client.close();
process.exit(0);
