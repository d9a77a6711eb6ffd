import { suite } from "uvu";
import * as assert from "uvu/assert";
import { unique } from "./asking.ts";
import type { Body } from "./rows/row.ts";
import type { Reply, Target } from "./target.ts";

const merge = "application/merge-patch+json";
const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";

const faults = ({ body }: Reply): readonly string[] =>
  (body.details?.causes ?? []).map(({ field, message }: Body) => `${field}: ${message}`);

/** Nodes: who writes what, what stays, and what `kubectl get nodes` says. */
export const nodesContract = (target: Target): void => {
  const test = suite(`${target.name}: nodes`);

  /** Carries out `use` on a node that is gone afterwards. */
  const withNode = async (body: Body, use: (path: string, node: Body) => Promise<void>): Promise<void> => {
    const name = unique("node");
    const path = `/api/v1/nodes/${name}`;
    const { metadata, ...rest } = body;
    const created = await target.send("POST", "/api/v1/nodes", {
      body: { metadata: { name, ...metadata }, ...rest },
    });
    assert.is(created.status, 201, created.text);
    try {
      await use(path, created.body);
    } finally {
      await target.send("DELETE", path);
    }
  };

  const patch = (path: string, body: Body): Promise<Reply> =>
    target.send("PATCH", path, { body, contentType: merge });

  test("a write of the node leaves its status, a write of the status leaves its spec", async () => {
    await withNode({ status: { capacity: { cpu: "4" } } }, async (path) => {
      const spec = await patch(path, { spec: { unschedulable: true }, status: { capacity: { cpu: "8" } } });
      assert.is(spec.status, 200, spec.text);
      assert.is(spec.body.spec.unschedulable, true);
      assert.equal(spec.body.status.capacity, { cpu: "4" });
      const status = await patch(`${path}/status`, {
        metadata: { labels: { a: "b" } },
        spec: { unschedulable: false },
        status: { capacity: { cpu: "8000m" }, allocatable: { cpu: "7" } },
      });
      assert.is(status.status, 200, status.text);
      assert.is(status.body.spec.unschedulable, true);
      assert.equal(status.body.status.capacity, { cpu: "8" });
      assert.equal(status.body.status.allocatable, { cpu: "7" });
      assert.is(status.body.metadata.labels.a, "b");
      assert.is(status.body.metadata.generation, undefined);
    });
  });

  test("what was assigned to a node stays", async () => {
    await withNode({ spec: { podCIDR: "10.9.0.0/24", providerID: "a://b" } }, async (path) => {
      assert.equal(
        faults(await patch(path, { spec: { podCIDR: "10.9.1.0/24", podCIDRs: ["10.9.1.0/24"] } })),
        [
          'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
        ],
      );
      assert.equal(faults(await patch(path, { spec: { providerID: "a://c" } })), [
        'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
      ]);
      assert.equal(faults(await patch(path, { spec: { externalID: "x" } })), [
        "spec.externalID: Forbidden: may not be updated",
      ]);
    });
  });

  test("a node has one range of each family", async () => {
    await withNode({}, async (path) => {
      const podCIDRs = ["10.9.0.0/24", "10.9.1.0/24"];
      assert.equal(faults(await patch(path, { spec: { podCIDR: podCIDRs[0], podCIDRs } })), [
        `spec.podCIDRs: Invalid value: ${
          JSON.stringify(podCIDRs)
        }: may specify no more than one CIDR for each IP family`,
      ]);
    });
  });

  test("an address is there once", async () => {
    const address = { type: "InternalIP", address: "10.9.9.9" };
    await withNode({}, async (path) => {
      const reply = await patch(`${path}/status`, { status: { addresses: [address, address] } });
      assert.is(reply.status, 422, reply.text);
      assert.is(reply.body.details.causes[0].field, "status.addresses[1]");
      assert.is(reply.body.details.causes[0].reason, "FieldValueDuplicate");
    });
  });

  test("nodes are selected by whether they take pods", async () => {
    await withNode({ spec: { unschedulable: true } }, async (_, { metadata: { name } }) => {
      const found = async (selector: string): Promise<readonly string[]> => {
        const fieldSelector = `metadata.name=${name},${selector}`;
        const reply = await target.send("GET", "/api/v1/nodes", { query: { fieldSelector } });
        return reply.body.items.map((item: Body) => item.metadata.name);
      };
      assert.equal(await found("spec.unschedulable=true"), [name]);
      assert.equal(await found("spec.unschedulable=false"), []);
    });
  });

  test("a row of a node", async () => {
    const body = {
      metadata: { labels: { "node-role.kubernetes.io/worker": "", "kubernetes.io/role": "agent" } },
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: "Ready", status: "True" }],
        addresses: [
          { type: "InternalIP", address: "10.9.9.9" },
          { type: "ExternalIP", address: "1.2.3.4" },
        ],
        nodeInfo: {
          kubeletVersion: "v1.2.3",
          osImage: "an image",
          kernelVersion: "6.1",
          architecture: "amd64",
          containerRuntimeVersion: "none://1",
        },
      },
    };
    await withNode(body, async (path, { metadata: { name } }) => {
      const { cells } = (await target.send("GET", path, { headers: { accept } })).body.rows[0];
      assert.match(cells[3], /^\d+s$/);
      assert.equal([...cells.slice(0, 3), ...cells.slice(4)], [
        name,
        "Ready,SchedulingDisabled",
        "agent,worker",
        "v1.2.3",
        "10.9.9.9",
        "1.2.3.4",
        "an image",
        "6.1 (amd64)",
        "none://1",
      ]);
    });
  });

  test("a row of a node of which nothing is known", async () => {
    await withNode({}, async (path) => {
      const { cells } = (await target.send("GET", path, { headers: { accept } })).body.rows[0];
      const unknown = "<unknown>";
      assert.equal(cells.slice(1, 3), ["Unknown", "<none>"]);
      assert.equal(cells.slice(4), ["", "<none>", "<none>", unknown, unknown, unknown]);
    });
  });

  test.run();
};
