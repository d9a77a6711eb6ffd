import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Body } from "./rows/row.ts";
import type { Target } from "./target.ts";

const container = (name: string, fields: Body = {}): Body => ({ name, image: "x", ...fields });
const running = { running: {} };
const waiting = (reason: string): Body => ({ waiting: { reason } });
const ended = (exitCode: number, reason = "", signal = 0): Body => ({
  terminated: { exitCode, reason, signal },
});
const status = (name: string, state: Body, fields: Body = {}): Body => ({ name, state, ...fields });
const ready = { type: "Ready", status: "True" };

/** Five days and an hour, and half of one for the test. */
const longAgo = `${new Date(Date.now() - (5 * 24 + 1.5) * 3_600_000).toISOString().slice(0, 19)}Z`;

interface Shown {
  readonly spec?: Body;
  readonly status: Body;
  /** READY, STATUS and RESTARTS. */
  readonly cells: readonly string[];
}

const two = { containers: [container("a"), container("b")] };
const init = { initContainers: [container("i"), container("j")] };
const sidecar = { initContainers: [container("s", { restartPolicy: "Always" })] };

const rows: Readonly<Record<string, Shown>> = {
  "nothing yet": { status: {}, cells: ["0/1", "Pending", "0"] },
  "being made": {
    status: { containerStatuses: [status("a", waiting("ContainerCreating"))] },
    cells: ["0/1", "ContainerCreating", "0"],
  },
  running: {
    status: { phase: "Running", containerStatuses: [status("a", running, { ready: true })] },
    cells: ["1/1", "Running", "0"],
  },
  "running, not ready": {
    status: { phase: "Running", containerStatuses: [status("a", running)] },
    cells: ["0/1", "Running", "0"],
  },
  done: {
    status: { phase: "Succeeded", containerStatuses: [status("a", ended(0, "Completed"))] },
    cells: ["0/1", "Completed", "0"],
  },
  failed: {
    status: { phase: "Failed", containerStatuses: [status("a", ended(1, "Error"))] },
    cells: ["0/1", "Error", "0"],
  },
  "failed without a reason": {
    status: { phase: "Failed", containerStatuses: [status("a", ended(3))] },
    cells: ["0/1", "ExitCode:3", "0"],
  },
  killed: {
    status: { phase: "Failed", containerStatuses: [status("a", ended(137, "", 9))] },
    cells: ["0/1", "Signal:9", "0"],
  },
  "failed as a whole": { status: { phase: "Failed", reason: "Evicted" }, cells: ["0/1", "Evicted", "0"] },
  "crashing, twice restarted": {
    status: {
      phase: "Running",
      containerStatuses: [status("a", waiting("CrashLoopBackOff"), { restartCount: 2 })],
    },
    cells: ["0/1", "CrashLoopBackOff", "2"],
  },
  "restarted long ago": {
    status: {
      phase: "Running",
      containerStatuses: [
        status("a", running, {
          ready: true,
          restartCount: 1,
          lastState: { terminated: { exitCode: 1, finishedAt: longAgo } },
        }),
      ],
    },
    cells: ["1/1", "Running", "1 (5d1h ago)"],
  },
  "one done, one running, ready": {
    spec: two,
    status: {
      phase: "Running",
      conditions: [ready],
      containerStatuses: [status("a", ended(0, "Completed")), status("b", running, { ready: true })],
    },
    cells: ["1/2", "Running", "0"],
  },
  "one done, one running, not ready": {
    spec: two,
    status: {
      phase: "Running",
      containerStatuses: [status("a", ended(0, "Completed")), status("b", running, { ready: true })],
    },
    cells: ["1/2", "NotReady", "0"],
  },
  "one done, one failed": {
    spec: two,
    status: {
      phase: "Failed",
      containerStatuses: [status("a", ended(0, "Completed")), status("b", ended(1, "Error"))],
    },
    cells: ["0/2", "Error", "0"],
  },
  "the first of two initializes": {
    spec: init,
    status: { initContainerStatuses: [status("i", running), status("j", waiting("PodInitializing"))] },
    cells: ["0/1", "Init:0/2", "0"],
  },
  "the second of two initializes": {
    spec: init,
    status: {
      initContainerStatuses: [status("i", ended(0, "Completed")), status("j", running, { restartCount: 3 })],
    },
    cells: ["0/1", "Init:1/2", "3"],
  },
  "an init container crashes": {
    spec: init,
    status: { initContainerStatuses: [status("i", waiting("CrashLoopBackOff"), { restartCount: 1 })] },
    cells: ["0/1", "Init:CrashLoopBackOff", "1"],
  },
  "an init container failed": {
    spec: init,
    status: { initContainerStatuses: [status("i", ended(1, "Error"))] },
    cells: ["0/1", "Init:Error", "0"],
  },
  "an init container ended somehow": {
    spec: init,
    status: { initContainerStatuses: [status("i", ended(2))] },
    cells: ["0/1", "Init:ExitCode:2", "0"],
  },
  "a sidecar beside": {
    spec: sidecar,
    status: {
      phase: "Running",
      initContainerStatuses: [status("s", running, { ready: true, started: true, restartCount: 1 })],
      containerStatuses: [status("a", running, { ready: true, restartCount: 2 })],
    },
    cells: ["2/2", "Running", "3"],
  },
};

/** What `kubectl get pods` says of a pod in every state. */
export const podRowsContract = (target: Target): void => {
  const test = suite(`${target.name}: rows of pods`);
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  let namespace: Promise<string> | undefined;
  let count = 0;

  const shown = async ({ spec, status }: Omit<Shown, "cells">): Promise<Body> => {
    namespace ??= target.namespace();
    const name = `p-${count++}`;
    const pods = `/api/v1/namespaces/${await namespace}/pods`;
    // a node that nobody is: nothing else writes the pod
    const body = { metadata: { name }, spec: { nodeName: "nobody", containers: [container("a")], ...spec } };
    const created = await target.send("POST", pods, { body });
    assert.is(created.status, 201, created.text);
    const contentType = "application/merge-patch+json";
    const patched = await target.send("PATCH", `${pods}/${name}/status`, { body: { status }, contentType });
    assert.is(patched.status, 200, patched.text);
    return (await target.send("GET", `${pods}/${name}`, { headers: { accept } })).body.rows[0];
  };

  for (const [why, { cells, ...given }] of Object.entries(rows)) {
    test(why, async () => {
      const row = await shown(given);
      assert.equal(row.cells.slice(1, 4), cells);
      assert.match(row.cells[4], /^\d+s$/);
      assert.equal(row.cells.slice(5), ["<none>", "nobody", "<none>", "<none>"]);
    });
  }

  test("what is being deleted is terminating", async () => {
    const row = await shown({ status: { phase: "Running" } });
    const { name, namespace } = row.object.metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    const deleted = await target.send("DELETE", path, { headers: { accept } });
    assert.is(deleted.body.rows[0].cells[2], "Terminating");
  });

  test("what has ended is marked as done", async () => {
    const row = await shown({ status: { phase: "Succeeded" } });
    assert.equal(row.conditions, [
      {
        type: "Completed",
        status: "True",
        reason: "Succeeded",
        message: "The pod has completed successfully.",
      },
    ]);
  });

  test("gates and addresses are shown wide", async () => {
    const row = await shown({
      spec: { readinessGates: [{ conditionType: "a/b" }, { conditionType: "c/d" }] },
      status: { podIP: "1.2.3.4", conditions: [{ type: "a/b", status: "True" }] },
    });
    assert.equal(row.cells.slice(5), ["1.2.3.4", "nobody", "<none>", "1/2"]);
  });

  test.run();
};
