// An API server that verifies its nodes: a control plane of its own, for the shared one verifies none.
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Finished, mustRun, runCommand } from "../tools/child.ts";
import { type Cluster, startCluster } from "../tools/cluster.ts";
import { type Program, type Runtime, startProgram } from "../tools/program.ts";
import { clusterSetting } from "../tools/setting.ts";
import { connectTls, until } from "../unit/kubelet/client.ts";

const kubectlPath = clusterSetting("VK_TEST_KUBECTL", "cluster/serving_certificate");

const test = suite("serving certificates at an API server that verifies nodes");

const runtime: Runtime = process.versions.deno === undefined
  ? { name: "Node", command: process.execPath, args: ["--disable-warning=ExperimentalWarning"] }
  : { name: "Deno", command: process.execPath, args: ["run", "-q", "-A"] };

const boundMs = 90_000;
const node = `vk-serving-${process.pid}`;
const folder = await mkdtemp(join(tmpdir(), "vk-serving-"));
const world: { cluster?: Cluster; program?: Program; port?: number } = {};
const env = (name: string): string => world.cluster?.env[name] ?? "";

const tryKubectl = (...args: readonly string[]): Promise<Finished> =>
  runCommand(kubectlPath, ["--kubeconfig", env("VK_TEST_KUBECONFIG"), ...args], {
    signal: AbortSignal.timeout(boundMs),
  });
const kubectl = (...args: readonly string[]): Promise<string> =>
  mustRun(kubectlPath, ["--kubeconfig", env("VK_TEST_KUBECONFIG"), ...args], {
    signal: AbortSignal.timeout(boundMs),
  });

const program = (): Program => {
  if (world.program === undefined) throw new Error("the node did not start, see above");
  return world.program;
};

/** The certificate that a new connection to the node is shown. */
const shown = async (): Promise<X509Certificate> => {
  const socket = await connectTls(world.port ?? 0);
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return new X509Certificate(raw);
};

const startNode = async (kubeconfig: string, ...flags: readonly string[]): Promise<Program> => {
  const usual = ["--kubeconfig", kubeconfig, "--node", node, "--provider", "process", "--port", "0"];
  world.program = startProgram(runtime, "adapters/cli/main.ts", [
    "run",
    ...usual,
    "--log-format",
    "json",
    ...flags,
  ]);
  const output = await world.program.said(`node ${node} is ready`);
  world.port = Number(/"the kubelet API listens".*?"port":(\d+)/.exec(output)?.[1]);
  return world.program;
};

const stopNode = async (): Promise<void> => {
  program().signal("SIGTERM");
  assert.is(await program().ended(), 0, program().output());
};

test.after(async () => {
  world.program?.signal("SIGKILL");
  await world.cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

// not in `before`: uvu keeps silent about a hook that throws
test("a node with its own identity, and a pod on it", async () => {
  world.cluster = await startCluster(AbortSignal.timeout(300_000), {
    CONTROLPLANE_VERIFY_KUBELET: "1",
    CONTROLPLANE_COMPONENTS: "controller-manager",
  });
  const made = await mustRun(`${env("VK_TEST_CONTROLPLANE")}/node-kubeconfig`, [
    env("VK_TEST_CONTROLPLANE_DIR"),
    node,
  ]);
  await startNode(made.trim());
  await kubectl("wait", "--for=create", "serviceaccount/default", "--timeout=60s");
  const path = join(folder, "pod.json");
  await writeFile(
    path,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: node },
      spec: {
        nodeName: node,
        tolerations: [{ operator: "Exists" }],
        terminationGracePeriodSeconds: 1,
        containers: [{ name: "main", image: "none", command: ["sh", "-c", "echo hello; exec sleep 300"] }],
      },
    }),
  );
  await kubectl("apply", "-f", path);
  await kubectl("wait", "--for=jsonpath={.status.phase}=Running", `pod/${node}`, "--timeout=60s");
});

test("before approval kubectl logs fails, and the log and an event say what to do", async () => {
  const output = await program().said("kubectl certificate approve csr-");
  const name = /kubectl certificate approve (csr-[a-z0-9]+);/.exec(output)?.[1] ?? "";
  const failed = await tryKubectl("logs", node);
  assert.is.not(failed.code, 0);
  assert.match(failed.output, /x509|certificate signed by unknown authority/);
  assert.match((await shown()).subject, `CN=${node}`);
  await until(
    async () => (await kubectl("describe", "node", node)).includes(`kubectl certificate approve ${name}`),
    "kubectl describe node shows the event",
  );
  const [line, ...more] = (await kubectl("get", "csr", "--no-headers")).trim().split("\n");
  assert.match(
    line ?? "",
    new RegExp(`^${name} .*kubernetes.io/kubelet-serving +system:node:${node} .*Pending$`),
  );
  assert.equal(more, [], "one request and no more");
});

test("once it is approved kubectl logs and exec reach the node, whose process and port are the same", async () => {
  const open = await connectTls(world.port ?? 0);
  const [name = ""] = (await kubectl("get", "csr", "-o", "jsonpath={.items[*].metadata.name}")).split(" ");
  await kubectl("certificate", "approve", name);
  await program().said("the node serves a certificate of the cluster");
  assert.is(await kubectl("logs", node), "hello\n");
  const certificate = await shown();
  assert.match(certificate.subject, `CN=system:node:${node}`);
  assert.ok(certificate.checkIP("127.0.0.1") !== undefined && certificate.checkHost(node) !== undefined);
  const ca = await readFile(join(env("VK_TEST_CONTROLPLANE_DIR"), "pki", "ca.crt"));
  assert.ok(certificate.verify(new X509Certificate(ca).publicKey), "the cluster's CA has signed it");
  // the connection of before the change still speaks HTTP, under the certificate it began with
  const answer = new Promise<string>((resolve) =>
    open.once("data", (data: Uint8Array) => resolve(String(data)))
  );
  open.write("GET /healthz HTTP/1.1\r\nHost: n\r\nConnection: close\r\n\r\n");
  assert.match(await answer, /^HTTP\/1\.1 401/);
  open.destroy();
  assert.is(await kubectl("exec", node, "--", "echo", "through exec"), "through exec\n");
  assert.not(program().output().includes("PRIVATE KEY"));
  await stopNode();
});

test("under another identity nothing is asked for, and the log says why once", async () => {
  await kubectl("delete", "csr", "--all");
  await startNode(env("VK_TEST_KUBECONFIG"));
  const output = await program().said("the serving certificate stays self-signed");
  assert.match(output, `signs for system:node:${node} only, and we are admin`);
  assert.match((await tryKubectl("logs", node)).output, "x509");
  assert.is((await kubectl("get", "csr", "-o", "name")).trim(), "");
  await stopNode();
});

test("an operator's files are served, and re-read when they change", async () => {
  const pki = join(env("VK_TEST_CONTROLPLANE_DIR"), "pki");
  const cert = join(folder, "tls.crt"), key = join(folder, "tls.key");
  /** A new key and a certificate of the cluster's CA, under this name. */
  const issue = async (commonName: string): Promise<void> => {
    const csr = join(folder, "tls.csr"), extensions = join(folder, "tls.ext");
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    await mustRun("openssl", ["req", ...curve, "-subj", `/CN=${commonName}`, "-keyout", key, "-out", csr]);
    await writeFile(extensions, "extendedKeyUsage=serverAuth\nsubjectAltName=IP:127.0.0.1\n");
    const ca = ["-CA", join(pki, "ca.crt"), "-CAkey", join(pki, "ca.key"), "-CAcreateserial", "-days", "1"];
    await mustRun("openssl", ["x509", "-req", "-in", csr, ...ca, "-extfile", extensions, "-out", cert]);
  };
  await issue("first");
  const flags = ["--tls-cert-file", cert, "--tls-private-key-file", key];
  await startNode(env("VK_TEST_KUBECONFIG"), ...flags);
  assert.match((await shown()).subject, "CN=first");
  assert.is(await kubectl("logs", node), "hello\n");
  await issue("second");
  await program().said("the serving certificate's files have changed");
  assert.match((await shown()).subject, "CN=second");
  assert.is(await kubectl("logs", node), "hello\n");
  await kubectl("delete", "pod", node, "--timeout=60s");
  await stopNode();
});

test.run();
