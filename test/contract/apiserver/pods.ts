import { suite } from "uvu";
import * as assert from "uvu/assert";
import { unique } from "./asking.ts";
import type { Body } from "./rows/row.ts";
import { faults, type MadePod, makePod, strategic } from "./made_pod.ts";
import type { Reply, Target } from "./target.ts";

const mutable = "pod updates may not change fields other than `spec.containers[*].image`," +
  "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing " +
  "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** Pods: what may change, who writes what, ephemeral containers, field selectors. */
export const podsContract = (target: Target): void => {
  const test = suite(`${target.name}: pods`);
  const made = (spec?: Body): Promise<MadePod> => makePod(target, spec);

  test("a spec is not another one later", async () => {
    const { patch } = await made();
    const reply = await patch({ spec: { nodeName: "other" } });
    assert.is(reply.status, 422);
    assert.equal(faults(reply), [`spec: Forbidden: ${mutable}`]);
    const more = await patch({
      spec: { containers: [{ name: "a", image: "x" }, { name: "b", image: "x" }] },
    });
    assert.equal(faults(more), ["spec.containers: Forbidden: pod updates may not add or remove containers"]);
  });

  test("images, deadlines and tolerations may change, and count as generations", async () => {
    const { patch, pod } = await made();
    assert.is(pod.metadata.generation, 1);
    const image = await patch({ spec: { containers: [{ name: "a", image: "y" }] } }, "", strategic);
    assert.is(image.status, 200, image.text);
    assert.is(image.body.spec.containers[0].image, "y");
    assert.is(image.body.metadata.generation, 2);
    const deadline = await patch({ spec: { activeDeadlineSeconds: 60 } });
    assert.is(deadline.body.metadata.generation, 3);
    const tolerations = [...pod.spec.tolerations, { key: "k", operator: "Exists" }];
    assert.is((await patch({ spec: { tolerations } })).body.spec.tolerations.length, 3);
    assert.is((await patch({ metadata: { labels: { a: "b" } } })).body.metadata.generation, 4);
  });

  test("deadlines only come closer, tolerations only become more", async () => {
    const { patch } = await made({
      activeDeadlineSeconds: 60,
      tolerations: [{ key: "k", operator: "Exists" }],
    });
    assert.equal(faults(await patch({ spec: { activeDeadlineSeconds: 61 } })), [
      "spec.activeDeadlineSeconds: Invalid value: 61: must be less than or equal to previous value",
    ]);
    assert.equal(faults(await patch({ spec: { activeDeadlineSeconds: null } })), [
      "spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value",
    ]);
    assert.equal(faults(await patch({ spec: { tolerations: [] } })), [
      "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
    ]);
  });

  test("a write of the pod leaves its status, a write of the status leaves the pod", async () => {
    const { path, patch } = await made();
    const status = await patch(
      { spec: { nodeName: "q" }, status: { phase: "Running", podIP: "1.2.3.4" } },
      "/status",
    );
    assert.is(status.status, 200, status.text);
    assert.is(status.body.spec.nodeName, "nobody");
    assert.equal(status.body.status.podIPs, [{ ip: "1.2.3.4" }]);
    assert.is(status.body.metadata.generation, 1);
    const put = await target.send("PUT", path, {
      body: {
        ...status.body,
        status: { phase: "Failed" },
        metadata: { ...status.body.metadata, labels: { a: "b" } },
      },
    });
    assert.is(put.status, 200, put.text);
    assert.is(put.body.status.phase, "Running");
    assert.equal(put.body.metadata.labels, { a: "b" });
  });

  test("what a status always has", async () => {
    const { patch } = await made();
    const reply = await patch({
      status: {
        conditions: [{ type: "Ready", status: "True" }],
        containerStatuses: [{ name: "a", state: { terminated: {} } }],
      },
    }, "/status");
    assert.equal(reply.body.status, {
      phase: "Pending",
      conditions: [{ type: "Ready", status: "True", lastProbeTime: null, lastTransitionTime: null }],
      containerStatuses: [{
        name: "a",
        state: { terminated: { exitCode: 0, startedAt: null, finishedAt: null } },
        lastState: {},
        ready: false,
        restartCount: 0,
        image: "",
        imageID: "",
      }],
      qosClass: "BestEffort",
    });
  });

  test("faults of a status", async () => {
    const { patch } = await made();
    const status = {
      qosClass: "Guaranteed",
      podIP: "x",
      hostIPs: [{ ip: "1.1.1.1" }],
      conditions: [{ type: "a b" }, { type: "Ready", observedGeneration: -1 }],
      observedGeneration: -2,
      resourceClaimStatuses: [{ name: "c" }],
    };
    const reply = await patch({ status }, "/status");
    assert.is(reply.status, 422);
    const [type, ...others] = faults(reply);
    assert.match(
      type ?? "",
      /^status\.conditions\[0\]\.Type: Invalid value: "a b": name part must consist of/,
    );
    const whole = "must be a non-negative integer";
    assert.equal(others, [
      `status.conditions[1].observedGeneration: Invalid value: -1: ${whole}`,
      `status.observedGeneration: Invalid value: -2: ${whole}`,
      'status.qosClass: Invalid value: "Guaranteed": field is immutable',
      'status.resourceClaimStatuses[0].name: Invalid value: "c": must match the name of an entry in `spec.resourceClaims`',
      'status.podIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'status.hostIPs[0].ip: Invalid value: "1.1.1.1": must be equal to `hostIP`',
    ]);
  });

  test("one address of each family", async () => {
    const { patch } = await made();
    const told = (...ips: readonly string[]): Promise<Reply> => {
      const list = ips.map((ip) => ({ ip }));
      return patch({ status: { hostIP: ips[0], hostIPs: list, podIP: ips[0], podIPs: list } }, "/status");
    };
    assert.is((await told("1.2.3.4", "::1")).status, 200);
    for (const ips of [["1.2.3.4", "1.2.3.5"], ["::1", "::2"], ["1.2.3.4", "::1", "::2"]]) {
      const shown = JSON.stringify(ips.map((ip) => ({ IP: ip })));
      const why = `Invalid value: ${shown}: may specify no more than one IP for each IP family`;
      assert.equal(faults(await told(...ips)), [`status.podIPs: ${why}`, `status.hostIPs: ${why}`]);
    }
  });

  const ended = (exitCode: number): Body => ({
    status: { containerStatuses: [{ name: "a", state: { terminated: { exitCode } } }] },
  });
  const again = { status: { containerStatuses: [{ name: "a", state: { running: {} } }] } };

  for (
    const [restartPolicy, exitCode, status] of [
      ["Never", 0, 422],
      ["Never", 1, 422],
      ["OnFailure", 0, 422],
      ["OnFailure", 1, 200],
      ["Always", 0, 200],
    ] as const
  ) {
    test(`a container that ended with ${exitCode} and policy ${restartPolicy} runs again: ${status}`, async () => {
      const { patch } = await made({ restartPolicy });
      assert.is((await patch(ended(exitCode), "/status")).status, 200);
      const reply = await patch(again, "/status");
      assert.is(reply.status, status, reply.text);
      if (status === 422) {
        const why = "Forbidden: may not be transitioned to non-terminated state";
        assert.equal(faults(reply), [`status.containerStatuses[0].state: ${why}`]);
      }
    });
  }

  test("ephemeral containers are added by their own path, and stay", async () => {
    const { patch } = await made({ volumes: [{ name: "v", emptyDir: {} }] });
    const container = { name: "e", image: "x", targetContainerName: "a" };
    const added = await patch(
      { spec: { ephemeralContainers: [container] } },
      "/ephemeralcontainers",
      strategic,
    );
    assert.is(added.status, 200, added.text);
    assert.is(added.body.spec.ephemeralContainers[0].imagePullPolicy, "Always");
    assert.is(added.body.metadata.generation, 2);
    const removed = await patch({ spec: { ephemeralContainers: [] } }, "/ephemeralcontainers");
    assert.equal(faults(removed), [
      'spec.ephemeralContainers: Forbidden: existing ephemeral containers "e" may not be removed',
    ]);
    const bad = await patch(
      {
        spec: {
          ephemeralContainers: [{
            name: "f",
            image: "x",
            targetContainerName: "q",
            livenessProbe: { tcpSocket: { port: 3 } },
            ports: [{ containerPort: 3 }],
            resources: { limits: { cpu: "1" } },
            volumeMounts: [{ name: "v", mountPath: "/v", subPath: "x" }],
          }],
        },
      },
      "/ephemeralcontainers",
      strategic,
    );
    assert.equal(faults(bad), [
      'spec.ephemeralContainers[0].targetContainerName: Not found: "q"',
      ...["ports", "resources", "livenessProbe", "volumeMounts[0].subPath"].map((field) =>
        `spec.ephemeralContainers[0].${field}: Forbidden: cannot be set for an Ephemeral Container`
      ),
    ]);
    const around = await patch({ spec: { ephemeralContainers: [{ name: "g", image: "x" }] } }, "", strategic);
    assert.is(around.status, 422, "not by the pod itself");
  });

  test("what can be selected by", async () => {
    const node = unique("nobody");
    const { path } = await made({ nodeName: node, restartPolicy: "Never", schedulerName: "s" });
    const pods = path.slice(0, -"/p".length);
    const found = async (fieldSelector: string): Promise<number> =>
      (await target.send("GET", pods, { query: { fieldSelector } })).body.items.length;
    const selectors = [
      `spec.nodeName=${node}`,
      `spec.nodeName!=other,spec.restartPolicy=Never`,
      "spec.schedulerName=s,spec.serviceAccountName=default",
      "status.phase=Pending,spec.hostNetwork=false",
      "status.podIP=,status.nominatedNodeName=",
      "metadata.name=p",
    ];
    for (const selector of selectors) assert.is(await found(selector), 1, selector);
    assert.is(await found("status.phase=Running"), 0);
    const bad = await target.send("GET", pods, { query: { fieldSelector: "spec.hostname=x" } });
    assert.is(bad.status, 400);
  });

  test.run();
};
