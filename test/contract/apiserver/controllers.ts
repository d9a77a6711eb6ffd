import { suite } from "uvu";
import * as assert from "uvu/assert";
import { eventually } from "./asking.ts";
import { conditionOf, createPod } from "./cluster_objects.ts";
import { garbageContract } from "./garbage.ts";
import { lostNodesContract } from "./lost_nodes.ts";
import { schedulingContract } from "./scheduling.ts";
import type { Reply, Target } from "./target.ts";

const held = { metadata: { name: "held", finalizers: ["example.com/hold"] } };

const merge = { contentType: "application/merge-patch+json" };

/** As `eventually`, for the real controller that begins five seconds late and looks again after as many. */
const atLast = async (ask: () => Promise<Reply>, isSo: (reply: Reply) => boolean): Promise<Reply> => {
  let reply = await eventually(ask, isSo);
  for (let times = 0; times < 3 && !isSo(reply); times++) reply = await eventually(ask, isSo);
  return reply;
};

const namespaceContract = (target: Target): void => {
  const test = suite(`${target.name}: namespaces`);

  test("a namespace has a service account and the cluster's CA, also when they are taken away", async () => {
    const path = `/api/v1/namespaces/${await target.namespace()}`;
    const account = `${path}/serviceaccounts/default`, bundle = `${path}/configmaps/kube-root-ca.crt`;
    const isThere = ({ status }: Reply): boolean => status === 200;
    const first = await eventually(() => target.send("GET", bundle), isThere);
    assert.equal(Object.keys(first.body.data), ["ca.crt"]);
    assert.match(first.body.data["ca.crt"], /^-----BEGIN CERTIFICATE-----\n/);
    assert.match(first.body.metadata.annotations["kubernetes.io/description"], /^Contains a CA bundle that/);
    const before = await target.send("GET", account);
    await target.send("DELETE", bundle);
    await target.send("DELETE", account);
    const again = await eventually(() => target.send("GET", bundle), isThere);
    assert.equal(again.body.data, first.body.data);
    const after = await eventually(() => target.send("GET", account), isThere);
    assert.is.not(after.body.metadata.uid, before.body.metadata.uid);
  });

  test("the cluster's CA is put right when somebody has changed it", async () => {
    const bundle = `/api/v1/namespaces/${await target.namespace()}/configmaps/kube-root-ca.crt`;
    const first = await eventually(() => target.send("GET", bundle), ({ status }) => status === 200);
    await target.send("PATCH", bundle, {
      ...merge,
      body: {
        metadata: { labels: { mine: "stays" }, annotations: { "kubernetes.io/description": null } },
        data: { "ca.crt": "no", more: "too" },
      },
    });
    const healed = await eventually(
      () => target.send("GET", bundle),
      ({ body }) => body.data["ca.crt"] !== "no",
    );
    assert.equal(healed.body.data, first.body.data);
    assert.equal(healed.body.metadata.annotations, first.body.metadata.annotations);
    assert.equal(healed.body.metadata.labels, { mine: "stays" });
  });

  test("a namespace is gone when everything in it is: pods first, with their grace", async () => {
    const name = await target.namespace(), path = `/api/v1/namespaces/${name}`;
    await createPod(target, name, "bound", {
      nodeName: "contract-nowhere",
      terminationGracePeriodSeconds: 20,
    });
    await createPod(target, name, "free", { nodeSelector: { "contract/own": "of-nobody" } });
    await target.send("POST", `${path}/configmaps`, { body: held });
    await target.send("POST", `${path}/secrets`, { body: { metadata: { name: "plain" } } });
    const deleted = await target.send("DELETE", path);
    assert.is(deleted.status, 200, deleted.text);
    assert.is(deleted.body.status.phase, "Terminating");
    assert.equal(deleted.body.spec.finalizers, ["kubernetes"]);

    const bound = await atLast(
      () => target.send("GET", `${path}/pods/bound`),
      ({ body }) => body.metadata.deletionTimestamp !== undefined,
    );
    assert.is(bound.body.metadata.deletionGracePeriodSeconds, 20);
    await atLast(() => target.send("GET", `${path}/pods/free`), ({ status }) => status === 404);
    const kept = await target.send("GET", `${path}/secrets/plain`);
    assert.is(kept.status, 200, "a secret outlives the pods that may use it");
    await target.send("DELETE", `${path}/pods/bound`, { query: { gracePeriodSeconds: "0" } });

    const waiting = await atLast(
      () => target.send("GET", path),
      ({ body }) => conditionOf(body, "NamespaceFinalizersRemaining")?.status === "True",
    );
    const remaining = conditionOf(waiting.body, "NamespaceContentRemaining");
    assert.equal([remaining.status, remaining.reason, remaining.message], [
      "True",
      "SomeResourcesRemain",
      "Some resources are remaining: configmaps. has 1 resource instances",
    ]);
    const finalizers = conditionOf(waiting.body, "NamespaceFinalizersRemaining");
    assert.equal([finalizers.reason, finalizers.message], [
      "SomeFinalizersRemain",
      "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
    ]);
    assert.equal(waiting.body.status.conditions.length, 5);
    assert.is((await target.send("GET", `${path}/secrets/plain`)).status, 404);

    await target.send("PATCH", `${path}/configmaps/held`, {
      ...merge,
      body: { metadata: { finalizers: null } },
    });
    const gone = await atLast(() => target.send("GET", path), ({ status }) => status === 404);
    assert.is(gone.status, 404);
  });

  test("nothing new comes into a namespace that is being deleted", async () => {
    const path = `/api/v1/namespaces/${await target.namespace()}`;
    await target.send("POST", `${path}/configmaps`, { body: held });
    await target.send("DELETE", path);
    const late = await target.send("POST", `${path}/configmaps`, { body: { metadata: { name: "late" } } });
    assert.is(late.status, 403);
    await target.send("PATCH", `${path}/configmaps/held`, {
      ...merge,
      body: { metadata: { finalizers: null } },
    });
    const gone = await atLast(() => target.send("GET", path), ({ status }) => status === 404);
    assert.is(gone.status, 404);
  });

  test.run();
};

/** What happens by itself. */
export const controllersContract = (target: Target): void => {
  namespaceContract(target);
  schedulingContract(target);
  lostNodesContract(target);
  garbageContract(target);
};
