import { K8s, kind } from "kubernetes-fluent-client";
import * as assert from "uvu/assert";
import type { World } from "../tools/e2e.ts";
import { underBothIdentities } from "../tools/identities.ts";
import { until } from "../tools/until.ts";
import { jobOf } from "../tools/workloads.ts";

const mainOf = async (world: World, job: string) =>
  (await world.pods(job))[0]?.status?.containerStatuses?.find(({ name }) => name === "main");

const jobStatus = async (world: World, job: string) =>
  (await K8s(kind.Job).InNamespace(world.namespace).Get(job)).status;

/** The fifth start of this script succeeds, the others fail, each with another exit code. */
const succeedsAt = (start: number): string =>
  `n=$(cat n 2> /dev/null || echo 0); n=$((n+1)); echo $n > n; echo start $n; [ $n = ${start} ] || exit $((n+1))`;

underBothIdentities("job", (test) => {
  test("a Job that exits with 0 completes", async (world) => {
    const { node } = world;
    await world.apply(jobOf("good", 0, { node, script: "echo done", restartPolicy: "Never" }));
    await world.kubectl("wait", "--for=condition=complete", "job/good", "--timeout=60s");
    const { succeeded, failed } = await jobStatus(world, "good") ?? {};
    assert.equal([succeeded, failed ?? 0], [1, 0]);
    const [pod] = await world.pods("good");
    assert.is(pod?.status?.phase, "Succeeded");
    const ended = (await mainOf(world, "good"))?.state?.terminated;
    assert.equal([ended?.exitCode, ended?.reason], [0, "Completed"]);
    assert.is(await world.kubectl("logs", "job/good"), "done\n");
  });

  test("a Job that exits with 7 fails, and its pod says 7", async (world) => {
    const { node } = world;
    await world.apply(jobOf("bad", 0, { node, script: "echo no; exit 7", restartPolicy: "Never" }));
    await world.kubectl("wait", "--for=condition=failed", "job/bad", "--timeout=60s");
    const { succeeded, failed } = await jobStatus(world, "bad") ?? {};
    assert.equal([succeeded ?? 0, failed], [0, 1]);
    const [pod] = await world.pods("bad");
    assert.is(pod?.status?.phase, "Failed");
    const main = await mainOf(world, "bad");
    assert.equal([main?.state?.terminated?.exitCode, main?.state?.terminated?.reason], [7, "Error"]);
    assert.is(main?.restartCount, 0);
    assert.is(await world.kubectl("logs", "job/bad"), "no\n");
  });

  test("several pods, one after another, until one succeeds", async (world) => {
    const { node, dir } = world;
    const script = `cd ${dir}; ${succeedsAt(2)}`;
    await world.apply(jobOf("retried", 2, { node, script, restartPolicy: "Never" }));
    await world.kubectl("wait", "--for=condition=complete", "job/retried", "--timeout=90s");
    const codes = (await world.pods("retried")).map((pod) =>
      pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode
    );
    assert.equal(codes.sort(), [0, 2]);
  });

  test("restartPolicy OnFailure: at once, then after a back-off, in the same pod", async (world) => {
    const { node } = world;
    await world.apply(jobOf("stubborn", 6, { node, script: succeedsAt(3), restartPolicy: "OnFailure" }));
    const waiting = await until("the back-off", async () => {
      const main = await mainOf(world, "stubborn");
      return main?.state?.waiting?.reason === "CrashLoopBackOff" ? main : undefined;
    });
    assert.is(waiting.restartCount, 1, "the first restart does not wait");
    assert.is(waiting.lastState?.terminated?.exitCode, 3);
    assert.match(waiting.state?.waiting?.message ?? "", /back-off 10s restarting failed container/);
    assert.is((await world.pods("stubborn"))[0]?.status?.phase, "Running");
    const listed = await world.kubectl("get", "pods", "-l", "app=stubborn", "--no-headers");
    assert.match(listed, /CrashLoopBackOff/);
    const [pod] = await world.pods("stubborn");
    const told = await until("the event", async () => {
      const events = await world.kubectl("events", "--for", `pod/${pod?.metadata?.name}`);
      return events.includes("BackOff") ? events : undefined;
    });
    assert.match(told, /Warning +BackOff .*Back-off restarting failed container main in pod stubborn-/);
    await world.kubectl("wait", "--for=condition=complete", "job/stubborn", "--timeout=60s");
    const main = await mainOf(world, "stubborn");
    assert.is(main?.restartCount, 2);
    assert.is(main?.state?.terminated?.exitCode, 0);
    assert.is(main?.lastState?.terminated?.exitCode, 3);
    const [second, third] = [main?.lastState?.terminated?.finishedAt, main?.state?.terminated?.startedAt];
    const pause = Date.parse(String(third)) - Date.parse(String(second));
    assert.ok(
      pause >= 9_000,
      `restarted ${pause} ms after the end: times are in whole seconds, 10 s are due`,
    );
    assert.is((await world.pods("stubborn")).length, 1);
    assert.is(await world.kubectl("logs", "job/stubborn"), "start 3\n");
    assert.is(await world.kubectl("logs", "job/stubborn", "--previous"), "start 2\n");
  });
});
