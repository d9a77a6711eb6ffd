import { suite } from "uvu";
import * as assert from "uvu/assert";
import { eventually, forbidden, node, unique } from "./asking.ts";
import type { Reply, Speaker, Target } from "./target.ts";

const container = { name: "c", image: "example.com/c" };

/** A Node and a pod bound to it, seen by the authorizer. Gives what takes the Node away again. */
const boundPod = async (
  target: Target,
  namespace: string,
  spec: Readonly<Record<string, unknown>>,
): Promise<{ readonly name: string; readonly pod: Reply["body"]; readonly undo: () => Promise<void> }> => {
  const name = unique("node");
  const made = await target.send("POST", "/api/v1/nodes", { body: { metadata: { name } } });
  assert.is(made.status, 201, made.text);
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const body = { metadata: { name }, spec: { nodeName: name, containers: [container], ...spec } };
  const created = await target.send("POST", pods, { body });
  assert.is(created.status, 201, created.text);
  const seen = await eventually(
    () => target.send("GET", `${pods}/${name}`, { as: node(name) }),
    ({ status }) => status === 200,
  );
  assert.is(seen.status, 200, seen.text);
  const undo = async (): Promise<void> => {
    await target.send("DELETE", `${pods}/${name}`, { query: { gracePeriodSeconds: "0" } });
    await target.send("DELETE", `/api/v1/nodes/${name}`);
  };
  return { name, pod: created.body, undo };
};

const nodesMayRead = (target: Target): void => {
  const test = suite(`${target.name}: what a node may read`);

  test("its own Node, and no other", async () => {
    const as = node("mine");
    const refused = (what: string, verb: string, why: string): string =>
      `${what} is forbidden: User "system:node:mine" cannot ${verb} resource "nodes" in API group "" at the cluster scope: ${why}`;
    forbidden(
      await target.send("GET", "/api/v1/nodes", { as }),
      refused("nodes", "list", "node 'mine' cannot read all nodes, only its own Node object"),
    );
    forbidden(
      await target.send("GET", "/api/v1/nodes/other", { as }),
      refused('nodes "other"', "get", "node 'mine' cannot read 'other', only its own Node object"),
    );
    assert.is((await target.send("GET", "/api/v1/nodes/mine", { as })).status, 404);
    const one = { fieldSelector: "metadata.name=mine" };
    assert.is((await target.send("GET", "/api/v1/nodes", { as, query: one })).status, 200);
  });

  test("pods that are bound to it", async () => {
    const namespace = await target.namespace();
    const { name, undo } = await boundPod(target, namespace, {});
    try {
      const list = (as: Speaker, query: Readonly<Record<string, string>>) =>
        target.send("GET", "/api/v1/pods", { as, query });
      const mine = await list(node(name), { fieldSelector: `spec.nodeName=${name}` });
      assert.equal(mine.body.items.map((pod: { metadata: { name: string } }) => pod.metadata.name), [name]);
      const why = "can only list/watch pods with spec.nodeName field selector";
      forbidden(
        await list(node(name), {}),
        `pods is forbidden: User "system:node:${name}" cannot list resource "pods" in API group "" at the cluster scope: ${why}`,
      );
      forbidden(
        await list(node("other"), { fieldSelector: `spec.nodeName=${name}` }),
        `pods is forbidden: User "system:node:other" cannot list resource "pods" in API group "" at the cluster scope: ${why}`,
      );
      forbidden(
        await target.send("GET", `/api/v1/namespaces/${namespace}/pods/${name}`, { as: node("other") }),
        `pods "${name}" is forbidden: User "system:node:other" cannot get resource "pods" in API group "" in the namespace "${namespace}": no relationship found between node 'other' and this object`,
      );
    } finally {
      await undo();
    }
  });

  test("what its pods refer to", async () => {
    const namespace = await target.namespace();
    for (
      const [plural, name] of [["secrets", "s"], ["secrets", "unused"], ["configmaps", "c"], [
        "configmaps",
        "e",
      ]]
    ) {
      await target.send("POST", `/api/v1/namespaces/${namespace}/${plural}`, {
        body: { metadata: { name } },
      });
    }
    const { name, undo } = await boundPod(target, namespace, {
      containers: [{ ...container, envFrom: [{ configMapRef: { name: "e" } }] }],
      volumes: [
        { name: "s", secret: { secretName: "s" } },
        { name: "c", projected: { sources: [{ configMap: { name: "c" } }] } },
      ],
    });
    try {
      const get = (path: string, as = node(name)) =>
        target.send("GET", `/api/v1/namespaces/${namespace}/${path}`, { as });
      for (const path of ["secrets/s", "configmaps/c", "configmaps/e", "serviceaccounts/default"]) {
        assert.is((await get(path)).status, 200, path);
      }
      const refused = (as: string, verb: string, plural: string, named: string, why: string): string =>
        `${plural}${named} is forbidden: User "system:node:${as}" cannot ${verb} resource "${plural}" in API group "" in the namespace "${namespace}": ${why}`;
      const unrelated = `no relationship found between node '${name}' and this object`;
      forbidden(await get("secrets/unused"), refused(name, "get", "secrets", ' "unused"', unrelated));
      forbidden(await get("secrets/missing"), refused(name, "get", "secrets", ' "missing"', unrelated));
      forbidden(await get("secrets"), refused(name, "list", "secrets", "", "No Object name found"));
      const other = "no relationship found between node 'other' and this object";
      forbidden(await get("secrets/s", node("other")), refused("other", "get", "secrets", ' "s"', other));
      const one = { fieldSelector: "metadata.name=s" };
      const list = await target.send("GET", `/api/v1/namespaces/${namespace}/secrets`, {
        as: node(name),
        query: one,
      });
      assert.is(list.status, 200);
    } finally {
      await undo();
    }
  });

  test("leases of its own, services of all, namespaces of nobody", async () => {
    const as = node("mine");
    const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
    assert.is((await target.send("GET", `${leases}/mine`, { as })).status, 404);
    const refused = (what: string, verb: string, where: string, why: string): string =>
      `${what} is forbidden: User "system:node:mine" cannot ${verb} resource "leases" in API group "coordination.k8s.io" in the namespace "${where}": ${why}`;
    forbidden(
      await target.send("GET", `${leases}/other`, { as }),
      refused(
        'leases.coordination.k8s.io "other"',
        "get",
        "kube-node-lease",
        "can only access node lease with the same name as the requesting node",
      ),
    );
    forbidden(
      await target.send("GET", leases, { as }),
      refused(
        "leases.coordination.k8s.io",
        "list",
        "kube-node-lease",
        "can only get, create, update, patch, or delete a node lease",
      ),
    );
    forbidden(
      await target.send("GET", "/apis/coordination.k8s.io/v1/namespaces/default/leases/mine", { as }),
      refused(
        'leases.coordination.k8s.io "mine"',
        "get",
        "default",
        'can only access leases in the "kube-node-lease" system namespace',
      ),
    );
    assert.is((await target.send("GET", "/api/v1/services", { as })).status, 200);
    assert.is((await target.send("GET", "/apis/node.k8s.io/v1/runtimeclasses", { as })).status, 200);
    forbidden(
      await target.send("GET", "/api/v1/namespaces", { as }),
      'namespaces is forbidden: User "system:node:mine" cannot list resource "namespaces" in API group "" at the cluster scope',
    );
  });

  test.run();
};

const nodesMayWrite = (target: Target): void => {
  const test = suite(`${target.name}: what a node may write`);

  test("its own Node, without taints and labels that steer pods", async () => {
    const name = unique("node");
    const as = node(name);
    const create = (metadata: unknown) => target.send("POST", "/api/v1/nodes", { as, body: { metadata } });
    forbidden(
      await create({ name: `${name}-other` }),
      `nodes "${name}-other" is forbidden: node "${name}" is not allowed to modify node "${name}-other"`,
    );
    forbidden(
      await create({
        name,
        labels: { "node-role.kubernetes.io/x": "", "a.k8s.io/b": "", "example.com/c": "" },
      }),
      `nodes "${name}" is forbidden: node "${name}" is not allowed to set the following labels: a.k8s.io/b, node-role.kubernetes.io/x`,
    );
    const labels = { "kubernetes.io/os": "linux", "node.kubernetes.io/x": "y", "example.com/c": "" };
    const made = await create({ name, labels });
    assert.is(made.status, 201, made.text);
    try {
      const patch = (body: unknown, path = "") =>
        target.send("PATCH", `/api/v1/nodes/${name}${path}`, {
          as,
          body,
          contentType: "application/merge-patch+json",
        });
      const may = `nodes "${name}" is forbidden: `;
      forbidden(
        await patch({ spec: { taints: [{ key: "k", effect: "NoSchedule" }] } }),
        `${may}node "${name}" is not allowed to modify taints`,
      );
      forbidden(
        await patch({ metadata: { labels: { "node-restriction.kubernetes.io/x": "y" } } }),
        `${may}is not allowed to modify labels: node-restriction.kubernetes.io/x`,
      );
      assert.is((await patch({ metadata: { labels: { "example.com/d": "" } } })).status, 200);
      const status = { status: { nodeInfo: { kubeletVersion: "v1" } } };
      assert.is((await patch(status, "/status")).status, 200);
      forbidden(
        await target.send("DELETE", `/api/v1/nodes/${name}`, { as }),
        `nodes "${name}" is forbidden: User "system:node:${name}" cannot delete resource "nodes" in API group "" at the cluster scope`,
      );
    } finally {
      await target.send("DELETE", `/api/v1/nodes/${name}`);
    }
  });

  test("its own lease", async () => {
    const name = unique("node");
    const as = node(name);
    const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
    const create = (lease: string) =>
      target.send("POST", leases, { as, body: { metadata: { name: lease } } });
    forbidden(
      await create("other"),
      'leases.coordination.k8s.io "other" is forbidden: can only access node lease with the same name as the requesting node',
    );
    assert.is((await create(name)).status, 201);
    assert.is((await target.send("DELETE", `${leases}/${name}`, { as })).status, 200);
  });

  test("status and deletion of its pods, and no more of them", async () => {
    const namespace = await target.namespace();
    const { name, undo } = await boundPod(target, namespace, {});
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    try {
      const status = (as: Speaker, body: unknown) =>
        target.send("PATCH", `${pods}/${name}/status`, {
          as,
          body,
          contentType: "application/merge-patch+json",
        });
      assert.is((await status(node(name), { status: { phase: "Running" } })).status, 200);
      forbidden(
        await status(node("other"), { status: { phase: "Failed" } }),
        `pods "${name}" is forbidden: node "other" can only update pod status for pods with spec.nodeName set to itself`,
      );
      forbidden(
        await status(node(name), { metadata: { labels: { a: "b" } } }),
        `pods "${name}" is forbidden: node "${name}" cannot update labels through pod status`,
      );
      const write = await target.send("PATCH", `${pods}/${name}`, {
        as: node(name),
        body: { metadata: { annotations: { a: "b" } } },
        contentType: "application/merge-patch+json",
      });
      forbidden(
        write,
        `pods "${name}" is forbidden: User "system:node:${name}" cannot patch resource "pods" in API group "" in the namespace "${namespace}"`,
      );
      const remove = (as: Speaker) =>
        target.send("DELETE", `${pods}/${name}`, { as, query: { gracePeriodSeconds: "0" } });
      forbidden(
        await remove(node("other")),
        `pods "${name}" is forbidden: node "other" can only delete pods with spec.nodeName set to itself`,
      );
      assert.is((await remove(node(name))).status, 200);
      assert.is((await remove(node("other"))).status, 404);
    } finally {
      await undo();
    }
  });

  test("pods that mirror its own", async () => {
    const namespace = await target.namespace();
    const { name, undo } = await boundPod(target, namespace, {});
    try {
      const uid = (await target.send("GET", `/api/v1/nodes/${name}`)).body.metadata.uid;
      const mirror = { "kubernetes.io/config.mirror": "x" };
      const owner = { apiVersion: "v1", kind: "Node", name, uid, controller: true };
      const create = (metadata: unknown, spec: unknown = {}) =>
        target.send("POST", `/api/v1/namespaces/${namespace}/pods`, {
          as: node(name),
          body: {
            metadata: { name: "mirror", ...metadata as object },
            spec: { nodeName: name, containers: [container], ...spec as object },
          },
        });
      const table: readonly (readonly [string, unknown, unknown?])[] = [
        [
          `pod does not have "kubernetes.io/config.mirror" annotation, node "${name}" can only create mirror pods`,
          {},
        ],
        [
          `node "${name}" can only create pods with spec.nodeName set to itself`,
          { annotations: mirror },
          { nodeName: "other" },
        ],
        [
          `node "${name}" can only create pods with an owner reference set to itself`,
          { annotations: mirror },
        ],
        [
          `node "${name}" can only create pods with a controller owner reference set to itself`,
          { annotations: mirror, ownerReferences: [{ ...owner, controller: false }] },
        ],
        [
          `node ${name} UID mismatch: expected wrong got ${uid}`,
          { annotations: mirror, ownerReferences: [{ ...owner, uid: "wrong" }] },
        ],
        [
          `node "${name}" can not create pods that reference configmaps`,
          { annotations: mirror, ownerReferences: [owner] },
          { volumes: [{ name: "c", configMap: { name: "c" } }] },
        ],
      ];
      for (const [why, metadata, spec] of table) {
        forbidden(await create(metadata, spec), `pods "mirror" is forbidden: ${why}`);
      }
      const made = await create({ annotations: mirror, ownerReferences: [owner] });
      assert.is(made.status, 201, made.text);
    } finally {
      await undo();
    }
  });

  test.run();
};

/** What kubelets may do. */
export const nodeAccessContract = (target: Target): void => {
  nodesMayRead(target);
  nodesMayWrite(target);
};
