import { suite } from "uvu";
import * as assert from "uvu/assert";
import { eventually, unique } from "./asking.ts";
import {
  forgedRequest,
  kubeletClientRequest,
  kubeletServingRequest,
  mastersRequest,
  rsaRequest,
  userRequest,
} from "./certificate_requests.ts";
import type { Reply, Speaker, Target } from "./target.ts";

const csrs = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const rbac = "/apis/rbac.authorization.k8s.io/v1";

const client = "kubernetes.io/kube-apiserver-client";
const kubelet = "kubernetes.io/kube-apiserver-client-kubelet";
const serving = "kubernetes.io/kubelet-serving";

type Fields = Readonly<Record<string, unknown>>;

const create = (target: Target, name: string, spec: Fields, as: Speaker = "admin", rest: Fields = {}) =>
  target.send("POST", csrs, { as, body: { metadata: { name }, spec, ...rest } });

const ours = { request: userRequest, signerName: "example.com/contract", usages: ["client auth"] };

/** Makes a request and gives it to the test; it is deleted afterwards. */
const withRequest = async (
  target: Target,
  spec: Fields,
  body: (csr: Reply["body"]) => Promise<void>,
  as: Speaker = "admin",
): Promise<void> => {
  const name = unique("csr");
  const made = await create(target, name, spec, as);
  assert.is(made.status, 201, made.text);
  try {
    await body(made.body);
  } finally {
    await target.send("DELETE", `${csrs}/${name}`);
  }
};

const approved = { type: "Approved", status: "True", reason: "Contract", message: "for a test" };

const patch = (
  target: Target,
  csr: Reply["body"],
  subresource: string,
  status: unknown,
  as: Speaker = "admin",
): Promise<Reply> =>
  target.send("PATCH", `${csrs}/${csr.metadata.name}${subresource}`, {
    as,
    body: { status },
    contentType: "application/merge-patch+json",
  });

const read = (target: Target, csr: Reply["body"]): Promise<Reply> =>
  target.send("GET", `${csrs}/${csr.metadata.name}`);

const asked = (target: Target): void => {
  const test = suite(`${target.name}: requests for certificates`);

  test("who asks is written down by the server", async () => {
    const spec = { ...ours, username: "somebody", groups: ["system:masters"] };
    const status = { certificate: "YQ==", conditions: [approved] };
    const name = unique("csr");
    const made = await create(target, name, spec, "admin", { status });
    assert.is(made.status, 201, made.text);
    assert.equal(made.body.status, {});
    assert.not.equal(made.body.spec.username, "somebody");
    assert.ok(made.body.spec.groups.includes("system:authenticated"));
    await target.send("DELETE", `${csrs}/${name}`);
  });

  test("what is no request", async () => {
    const table: readonly (readonly [Fields, string])[] = [
      [
        { ...ours, request: btoa("hello") },
        'spec.request: Invalid value: "aGVsbG8=": PEM block type must be CERTIFICATE REQUEST',
      ],
      [{ request: userRequest }, "[spec.usages: Required value, spec.signerName: Required value]"],
      [
        { ...ours, request: forgedRequest },
        `spec.request: Invalid value: "${forgedRequest}": x509: ECDSA verification failure`,
      ],
      [
        { ...ours, signerName: "foo", usages: ["client auth", "client auth"], expirationSeconds: 5 },
        '[spec.usages[1]: Duplicate value: "client auth", spec.signerName: Invalid value: "foo": must be a fully qualified domain and path of the form \'example.com/signer-name\', spec.expirationSeconds: Invalid value: 5: may not specify a duration less than 600 seconds (10 minutes)]',
      ],
    ];
    for (const [spec, message] of table) {
      const { status, body } = await create(target, "invalid", spec);
      assert.is(status, 422, body.message);
      assert.is(
        body.message,
        `CertificateSigningRequest.certificates.k8s.io "invalid" is invalid: ${message}`,
      );
    }
    const usage = await create(target, "invalid", { ...ours, usages: ["x"] });
    assert.match(
      usage.body.message,
      'spec.usages[0]: Unsupported value: "x": supported values: "any", "cert sign"',
    );
  });

  test("nobody becomes a master by a certificate", async () => {
    const { status, body } = await create(target, "masters", {
      request: mastersRequest,
      signerName: client,
      usages: ["client auth"],
    });
    assert.is(status, 403);
    assert.is(
      body.message,
      `certificatesigningrequests.certificates.k8s.io "masters" is forbidden: use of ${client} signer with system:masters group is not allowed`,
    );
  });

  test("a node asks for its own kubelet's", async () => {
    const as: Speaker = { user: "system:node:other", groups: ["system:nodes"] };
    const spec = {
      request: kubeletServingRequest,
      signerName: serving,
      usages: ["digital signature", "server auth"],
    };
    const { status, body } = await create(target, "foreign", spec, as);
    assert.is(status, 403);
    assert.is(
      body.message,
      'certificatesigningrequests.certificates.k8s.io "foreign" is forbidden: can only create a node CSR with CN=system:node:other',
    );
  });

  test("a request never changes", async () => {
    await withRequest(target, ours, async (csr) => {
      const changed = await target.send("PATCH", `${csrs}/${csr.metadata.name}`, {
        body: {
          spec: { usages: ["server auth"] },
          status: { conditions: [approved] },
          metadata: { labels: { a: "b" } },
        },
        contentType: "application/merge-patch+json",
      });
      assert.is(changed.status, 200);
      assert.equal(changed.body.spec, csr.spec);
      assert.equal(changed.body.status, {});
      assert.equal(changed.body.metadata.labels, { a: "b" });
    });
  });

  test.run();
};

const decided = (target: Target): void => {
  const test = suite(`${target.name}: approvals of certificates`);

  test("an approval has its times, and stays", async () => {
    await withRequest(target, ours, async (csr) => {
      const { status, body } = await patch(target, csr, "/approval", {
        conditions: [approved],
        certificate: "YQ==",
      });
      assert.is(status, 200, body.message);
      assert.is(body.status.certificate, undefined);
      const [{ lastUpdateTime, lastTransitionTime, ...condition }] = body.status.conditions;
      assert.equal(condition, approved);
      assert.match(lastUpdateTime, /Z$/);
      assert.is(lastTransitionTime, lastUpdateTime);
      const invalid = async (subresource: string, next: unknown, message: string): Promise<void> => {
        const refused = await patch(target, csr, subresource, next);
        assert.is(refused.status, 422, refused.text);
        assert.match(refused.body.message, message);
      };
      await invalid(
        "/approval",
        { conditions: [] },
        'status.conditions: Forbidden: updates may not remove a condition of type "Approved"',
      );
      await invalid(
        "/approval",
        { conditions: [...body.status.conditions, { type: "Denied", status: "True" }] },
        'status.conditions: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive',
      );
      await invalid(
        "/approval",
        { conditions: [...body.status.conditions, { type: "Failed", status: "False" }] },
        'status.conditions[1].status: Unsupported value: "False": supported values: "True"',
      );
      await invalid(
        "/status",
        { conditions: [...body.status.conditions, { type: "Denied", status: "True" }] },
        'updates may not add a condition of type "Denied"',
      );
    });
  });

  test("the status is the signer's: a certificate once, and no approval", async () => {
    await withRequest(target, ours, async (csr) => {
      const refused = await patch(target, csr, "/status", { conditions: [approved] });
      assert.is(refused.status, 422);
      assert.match(
        refused.body.message,
        'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
      );
      const failed = await patch(target, csr, "/status", {
        conditions: [{ type: "Failed", status: "True" }],
      });
      assert.is(failed.status, 200, failed.text);
      assert.is(failed.body.status.conditions[0].type, "Failed");
    });
  });

  test("an approver needs the permission for the signer", async () => {
    const user = unique("approver");
    const role = {
      metadata: { name: user },
      rules: [
        {
          verbs: ["update", "patch", "get"],
          apiGroups: ["certificates.k8s.io"],
          resources: ["certificatesigningrequests/approval"],
        },
        {
          verbs: ["approve"],
          apiGroups: ["certificates.k8s.io"],
          resources: ["signers"],
          resourceNames: ["example.com/*"],
        },
      ],
    };
    const binding = {
      metadata: { name: user },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: user },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
    };
    await target.send("POST", `${rbac}/clusterroles`, { body: role });
    await target.send("POST", `${rbac}/clusterrolebindings`, { body: binding });
    try {
      await withRequest(target, { ...ours, signerName: "example.net/contract" }, async (csr) => {
        const ask = () => patch(target, csr, "/approval", { conditions: [approved] }, { user });
        const refused = await eventually(ask, ({ body }) => /not permitted/.test(body.message));
        assert.is(refused.status, 403);
        assert.is(
          refused.body.message,
          `certificatesigningrequests.certificates.k8s.io "${csr.metadata.name}" is forbidden: user not permitted to approve requests with signerName "example.net/contract"`,
        );
      });
      await withRequest(target, ours, async (csr) => {
        const { status, body } = await patch(target, csr, "/approval", { conditions: [approved] }, { user });
        assert.is(status, 200, body.message);
      });
    } finally {
      await target.send("DELETE", `${rbac}/clusterrolebindings/${user}`);
      await target.send("DELETE", `${rbac}/clusterroles/${user}`);
    }
  });

  test.run();
};

const signed = (target: Target): void => {
  const test = suite(`${target.name}: signed certificates`);

  const soon = (csr: Reply["body"], field: "certificate" | "conditions"): Promise<Reply> =>
    eventually(() => read(target, csr), ({ body }) => body.status?.[field] !== undefined);

  test("an approved request is signed", async () => {
    for (const request of [userRequest, rsaRequest]) {
      await withRequest(target, { request, signerName: client, usages: ["client auth"] }, async (csr) => {
        assert.is((await patch(target, csr, "/approval", { conditions: [approved] })).status, 200);
        const { body } = await soon(csr, "certificate");
        assert.match(atob(body.status.certificate ?? ""), /^-----BEGIN CERTIFICATE-----\n/);
        const again = await patch(target, csr, "/status", { certificate: "YQ==" });
        assert.is(again.status, 422);
        assert.match(
          again.body.message,
          "status.certificate: Forbidden: updates may not modify existing certificate content",
        );
      });
    }
  });

  test("what a signer does not sign fails", async () => {
    const spec = { request: userRequest, signerName: serving, usages: ["server auth"] };
    await withRequest(target, spec, async (csr) => {
      await patch(target, csr, "/approval", { conditions: [approved] });
      const isFailed = ({ body }: Reply): boolean => body.status.conditions?.length === 2;
      const { body } = await eventually(() => read(target, csr), isFailed);
      const failed = body.status.conditions.find(({ type }: { type: string }) => type === "Failed");
      assert.is(failed?.reason, "SignerValidationFailure");
      assert.is(failed?.message, "subject organization is not system:nodes");
      assert.is(body.status.certificate, undefined);
    });
  });

  test("a kubelet's client certificate needs no person, where a role says so", async () => {
    const group = unique("bootstrappers");
    const binding = (name: string, role: string) => ({
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: group }],
    });
    const roles = [
      "system:node-bootstrapper",
      "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
    ];
    const names = roles.map((_, index) => `${group}-${index}`);
    for (const [index, role] of roles.entries()) {
      const body = binding(names[index] ?? "", role);
      assert.is((await target.send("POST", `${rbac}/clusterrolebindings`, { body })).status, 201);
    }
    const as: Speaker = { user: "bootstrap", groups: [group] };
    const usages = ["digital signature", "client auth"];
    const may = () => target.send("GET", csrs, { as });
    try {
      assert.is((await eventually(may, ({ status }) => status === 200)).status, 200);
      const spec = { request: kubeletClientRequest, signerName: kubelet, usages };
      await withRequest(target, spec, async (csr) => {
        assert.is(csr.spec.username, "bootstrap");
        assert.equal(csr.spec.groups, [group, "system:authenticated"]);
        const { body } = await soon(csr, "certificate");
        const [condition] = body.status.conditions;
        assert.is(condition.type, "Approved");
        assert.is(condition.reason, "AutoApproved");
        assert.is(condition.message, "Auto approving kubelet client certificate after SubjectAccessReview.");
        assert.match(atob(body.status.certificate), /^-----BEGIN CERTIFICATE-----\n/);
      }, as);
    } finally {
      for (const name of names) await target.send("DELETE", `${rbac}/clusterrolebindings/${name}`);
    }
  });

  test.run();
};

/** Requests for certificates: who asks, who approves, what is signed. */
export const csrContract = (target: Target): void => {
  asked(target);
  decided(target);
  signed(target);
};
