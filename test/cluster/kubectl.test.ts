// kubectl on the real API server and on ours, each with a node that runs processes: the same commands must say the same.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openSites, type Site } from "../tools/kubectl_sites.ts";
import { normalJson, normalText } from "../tools/same_output.ts";

const test = suite("kubectl on our API server");

const node = `kubectl-${process.pid}`;
const namespace = `kubectl-${process.pid}`;
const sites = await openSites(node, namespace);
const { real, ours } = sites;
const both: readonly Site[] = [real, ours];

const onBoth = <A>(act: (site: Site) => Promise<A>): Promise<readonly [A, A]> =>
  Promise.all([act(real), act(ours)]);

interface Said {
  readonly code: number | null;
  readonly output: string;
}

const words = (command: string): readonly string[] =>
  [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");

/** A command of kubectl as it is typed; single quotes hold words together. */
const say = async (site: Site, command: string, env?: Readonly<Record<string, string>>): Promise<Said> => {
  const { code, output } = await site.kubectl(words(command), env === undefined ? {} : { env });
  return { code, output: normalText(output) };
};

/** The same command says the same on both, and ends so. Gives what was said. */
const same = async (
  command: string,
  code = 0,
  env: Readonly<Record<string, string>> = {},
  change: (output: string) => string = (output) => output,
): Promise<string> => {
  const [expected, actual] = await onBoth((site) => say(site, command, env));
  assert.is(expected.code, code, `the real one: ${expected.output}`);
  assert.fixture(change(actual.output), change(expected.output), command);
  assert.is(actual.code, code, command);
  return actual.output;
};

/** The controllers of the real cluster mark nodes for clients of long ago, and tell of them when they come to it. */
const withoutOthers = (output: string): string =>
  output.replace(/\nEvents:[^]*$/, "").replace(/^ *(Labels:|Annotations:)? */gm, "").replace(
    /^(beta\.kubernetes\.io|node\.alpha\.kubernetes\.io).*\n/gm,
    "",
  );

const firstLine = (output: string): string => output.split("\n", 1)[0] ?? "";

/** Something that is prepared on both. */
const must = async (command: string): Promise<void> => {
  for (const { code, output } of await onBoth((site) => say(site, command))) assert.is(code, 0, output);
};

/** The same object, but for what is of chance. */
const sameObject = async (command: string): Promise<void> => {
  const [expected, actual] = await onBoth(async (site) => {
    const { code, output, stdout } = await site.kubectl(words(`${command} -o json`));
    assert.is(code, 0, output);
    return normalJson(JSON.parse(stdout));
  });
  assert.equal(actual, expected, command);
};

/** For CN=jane, O=devs, with a key that nobody kept. */
const certificateRequest: string = [
  "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIWU1JR0FBZ0VBTUI0eERUQUxCZ05WQkFvTUJHUmxkbk14RFRB",
  "TEJnTlZCQU1NQkdwaGJtVXdXVEFUQmdjcQpoa2pPUFFJQkJnZ3Foa2pPUFFNQkJ3TkNBQVRvWnhBSTIxMkxhaXRoeFh6SVhrc1FF",
  "N2cvdGpCelllMVRPczdmCkluOUZNQkFYcGZuZElONWZWeU8xaEdaOGFMeVFxa2VFOVY5Q0ZBOUFValFtVWZWR29BQXdDZ1lJS29a",
  "SXpqMEUKQXdJRFJ3QXdSQUlnV3dnYzFxWnNOOGZZYUlEd3h2cjUyWG9hbVFIZFhraXk3N0tnMDkwY0ZVa0NJRzBTbnB2RwovVW1T",
  "SnVqc3RKM0tEOUpwQ3REL1ZLaHBoUUpuZzdjYVBOdjYKLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg==",
].join("");

let files = 0;

/** A file for both. */
const file = (...objects: readonly object[]): string => {
  const path = join(sites.dir, `file-${files++}.json`);
  writeFileSync(
    path,
    JSON.stringify(objects.length === 1 ? objects[0] : { apiVersion: "v1", kind: "List", items: objects }),
  );
  return path;
};

const sleeping = (name: string, more: Record<string, unknown> = {}): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, labels: { app: name } },
  spec: {
    nodeName: node,
    terminationGracePeriodSeconds: 1,
    containers: [{
      name: "main",
      image: "none",
      command: ["sh", "-c", `echo ${name} says hello; exec sleep 1000`],
    }],
    ...more,
  },
});

const configMap = (data: Record<string, string>, name = "settings"): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});

const isRunning = (name: string): Promise<void> =>
  must(`wait --for=jsonpath={.status.containerStatuses[0].ready}=true pod/${name} --timeout=60s`);

test("a namespace of its own, and a node joins", async () => {
  await same(`create namespace ${namespace}`);
  await must("wait --for=create serviceaccount/default --timeout=60s");
  for (const site of both) site.agent.start("--taint", "none");
  await Promise.all(both.map((site) => site.agent.ready()));
  await must(`wait --for=condition=Ready node/${node} --timeout=60s`);
  // the taint of a new node is taken away by a controller
  await must(`wait --for=jsonpath={.spec.taints}='' node/${node} --timeout=60s`).catch(() => undefined);
});

test("get and describe: nodes", async () => {
  await same(`get node ${node}`);
  await same(`get node ${node} -o wide`);
  await sameObject(`get node ${node}`);
  await same(`describe node ${node}`, 0, {}, withoutOthers);
});

test("run, wait, get: a pod in every form", async () => {
  await same(
    `run web --image=none --labels=app=web --overrides={"spec":{"nodeName":"${node}","terminationGracePeriodSeconds":1}} ` +
      "--command -- sh -c 'echo web says hello; exec sleep 1000'",
  );
  await same("wait --for=condition=Ready pod/web --timeout=60s");
  for (const form of ["", "-o wide", "-o name", "--show-labels", "-o jsonpath={.items[*].spec.nodeName}"]) {
    await same(`get pods ${form}`);
  }
  await same("get pods -o custom-columns=NAME:.metadata.name,PHASE:.status.phase");
  await same("get pod web -o yaml --show-managed-fields=false");
  await sameObject("get pod web");
  await same("get pods web nobody", 1);
  await same("get po/web --no-headers");
  await same("get pods --sort-by=.metadata.name");
  await same("get all");
});

test("describe: a pod with its events", async () => {
  await same("describe pod web");
});

test("selectors by labels and fields", async () => {
  await must(`apply -f ${file(sleeping("other"))}`);
  await isRunning("other");
  for (
    const selector of ["-l app=web", "-l app!=web", "-l 'app in (web,other)'", "-l '!app'", "-l app=nobody"]
  ) await same(`get pods ${selector}`);
  await same("get pods --field-selector status.phase=Running");
  await same("get pods --field-selector metadata.name=web,status.phase!=Failed");
  await same("get pods --field-selector spec.nothing=x", 1);
  await same("get pods -l 'app in ('", 1);
});

test("logs, through the node", async () => {
  await same("logs web");
  await same("logs web -c main", 1);
  await same("logs other --tail=1");
  await same("logs other -c nobody", 1);
  await same("logs nobody", 1);
  await same("logs -l app=other --prefix");
  await same("logs web --since=1h --limit-bytes=3");
});

test("a job's log is followed to its end", async () => {
  const containers = [{
    name: "main",
    image: "none",
    command: ["sh", "-c", "for i in 1 2 3; do echo line $i; sleep 0.3; done"],
  }];
  await must(`apply -f ${file(sleeping("job", { restartPolicy: "Never", containers }))}`);
  await must("wait --for=jsonpath={.status.containerStatuses[0].started}=true pod/job --timeout=60s").catch(
    () => undefined,
  );
  await same("logs -f job --pod-running-timeout=60s");
  await same("wait --for=jsonpath={.status.phase}=Succeeded pod/job --timeout=60s");
  await same("get pod job");
});

test("label, annotate and patch", async () => {
  await same("label pod web tier=front");
  await same("label pod web tier=back", 1);
  await same("label pod web tier=back --overwrite");
  await same("label pod web tier-");
  await same("label pod web 'bad key=1'", 1);
  await same("annotate pod web 'note=says something'");
  await same("annotate pod web note-");
  await same(`patch pod web -p '{"metadata":{"labels":{"a":"1"}}}'`);
  await same(`patch pod web --type=merge -p '{"metadata":{"labels":{"a":"2"}}}'`);
  await same(`patch pod web --type=json -p '[{"op":"replace","path":"/metadata/labels/a","value":"3"}]'`);
  await same(`patch pod web --type=json -p '[{"op":"test","path":"/metadata/labels/a","value":"9"}]'`, 1);
  // the real one goes on with a comparison of the two in the words of Go
  await same(`patch pod web -p '{"spec":{"nodeName":"elsewhere"}}'`, 1, {}, firstLine);
  await same("get pod web --show-labels");
});

test("edit, with an editor that is a script", async () => {
  await must(`apply -f ${file(configMap({ color: "blue" }, "edited"))}`);
  const env = { KUBE_EDITOR: "sed -i s/blue/green/" };
  await same("edit configmap edited", 0, env);
  await same("get configmap edited -o jsonpath={.data}");
  await same("edit configmap edited", 0, { KUBE_EDITOR: "true" });
});

test("create, and create again", async () => {
  await same("create configmap made --from-literal=a=1 --from-literal=b=2");
  await same("create configmap made --from-literal=a=1", 1);
  await same("create secret generic hidden --from-literal=password=secret");
  await same("get secret hidden -o jsonpath={.data.password}");
  await same("describe secret hidden");
  await same("create serviceaccount robot");
  await same("get serviceaccounts");
  await same("create role reader --verb=get,list --resource=pods");
  await same("create rolebinding reads --role=reader --serviceaccount=default:robot");
  await same("get roles,rolebindings -o wide");
  await same("create service clusterip web --tcp=80:8080 --clusterip=None");
  await same("get services");
  await same("create configmap Bad_Name", 1);
  await sameObject("get configmap made");
  await sameObject("get role reader");
  await sameObject("get service web");
});

test("apply on the client's side", async () => {
  await same(`apply -f ${file(configMap({ a: "1", b: "2" }))}`);
  await same(`apply -f ${file(configMap({ a: "1", b: "2" }))}`);
  await same(`diff -f ${file(configMap({ a: "1", b: "3" }))}`, 1);
  await same(`apply -f ${file(configMap({ a: "9" }))}`);
  await same(`apply -f ${file(configMap({ a: "10" }))} --dry-run=server`);
  await same("get configmap settings -o jsonpath={.data}");
  await same(`apply -f ${file({ ...configMap({}), nothing: 1 })}`, 1);
  await same(`apply -f ${file({ ...configMap({}), nothing: 1 })} --validate=ignore`);
  await same("apply view-last-applied configmap settings");
});

test("apply on the server's side, and its conflicts", async () => {
  const one = file(configMap({ a: "1" }, "owned")), two = file(configMap({ a: "2" }, "owned"));
  await same(`apply --server-side -f ${one}`);
  await same(`apply --server-side -f ${two} --field-manager=somebody`, 1);
  await same(`apply --server-side -f ${two} --field-manager=somebody --force-conflicts`);
  await same("get configmap owned -o jsonpath={.data}");
  await same("get configmap owned -o jsonpath={.metadata.managedFields[*].manager}");
});

test("replace and delete by file", async () => {
  await same(`replace -f ${file(configMap({ c: "3" }, "made"))}`);
  await same(`replace -f ${file(configMap({ c: "3" }, "nobody"))}`, 1);
  await same(`delete -f ${file(configMap({}, "made"))}`);
  await same(`delete -f ${file(configMap({}, "made"))}`, 1);
  await same(`delete -f ${file(configMap({}, "made"))} --ignore-not-found`);
});

test("who may do what", async () => {
  await same("auth can-i create pods");
  await same("auth can-i create pods --as=nobody", 1);
  await same("auth can-i list pods --as=system:serviceaccount:default:robot");
  await same("auth can-i create nothings", 0);
  await same("get pods --as=nobody", 1);
  await same("auth can-i --list --as=system:serviceaccount:default:robot --no-headers");
  for (const site of both) {
    const { output } = await site.kubectl(["auth", "whoami", "-o", "jsonpath={.status.userInfo.username}"]);
    assert.match(output, /^(admin|kubernetes-admin)$/);
    const token = await site.kubectl(["create", "token", "robot"]);
    assert.match(token.stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n?$/, site.name);
  }
});

test("events of the pod", async () => {
  await same("events --for pod/other");
  await same("get events --field-selector involvedObject.name=other -o jsonpath={.items[*].reason}");
});

test("cordon, taint, uncordon, drain", async () => {
  await same(`cordon ${node}`);
  await same(`get node ${node}`);
  await same(`cordon ${node}`);
  await same(`uncordon ${node}`);
  await same(`taint nodes ${node} wet=paint:NoSchedule`);
  await same(`taint nodes ${node} wet=paint:NoSchedule`, 1);
  await same(`taint nodes ${node} wet-`);
  await same(`drain ${node} --pod-selector=app=other --timeout=60s`, 1);
  // what it warns of and what it does come through two pipes
  const inNoOrder = (output: string) => output.split("\n").sort().join("\n");
  await same(`drain ${node} --pod-selector=app=other --force --timeout=60s`, 0, {}, inNoOrder);
  await same("get pods");
  await same(`uncordon ${node}`);
});

for (const isSocket of ["true", "false"]) {
  const env = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: isSocket };
  test(`exec says the same on both (WebSockets: ${isSocket})`, async () => {
    await same("exec web -- echo hello", 0, env);
    await same("exec web -- sh -c 'echo out; exit 7'", 7, env);
    // the real API server translates what this node's streams say, and puts the words before it a second time
    const once = (output: string) => output.replace("Internal error occurred: Internal", "Internal");
    await same("exec web -- no-such-program", 1, env, once);
    await same("exec web -c nothing -- true", 1, env);
    await same("exec nothing -- true", 1, env);
  });
}

test("metrics are not there", async () => {
  await same("top nodes", 1);
  await same("top pods", 1);
});

test("explain: a pod", async () => {
  for (const field of ["pod", "pods.spec", "pod.spec.containers", "node", "configmap.data"]) {
    const { code, output } = await ours.kubectl(["explain", field]);
    assert.is(code, 0, output);
    assert.match(output, /^KIND: +(Pod|Node|ConfigMap)\nVERSION: +v1\n/);
  }
  await same("explain nothing", 1);
});

test("watch: what happens to a pod is shown as it happens", async () => {
  await must(`apply -f ${file(sleeping("watched", { nodeName: undefined, schedulerName: "nobody" }))}`);
  const steps = ["label pod watched step=1", "delete pod watched"];
  const [expected, actual] = await onBoth(async (site) => {
    const left = [...steps];
    const done = new AbortController();
    let lines = 0;
    const watching = await site.kubectl(
      words("get pods -l app=watched -w --output-watch-events --no-headers"),
      {
        signal: done.signal,
        onStdout: (stdout) => {
          const shown = stdout.split("\n").length - 1;
          if (shown === lines) return;
          lines = shown;
          const next = left.shift();
          if (next !== undefined) void say(site, next);
          if (/^DELETED/m.test(stdout)) done.abort();
        },
      },
    );
    return normalText(watching.stdout);
  });
  assert.fixture(actual, expected);
  assert.match(expected, /^ADDED watched .*\n(MODIFIED watched .*\n)+DELETED watched .*\n$/);
});

test("certificates: asked for, approved, signed", async () => {
  const path = file({
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name: `asked-${process.pid}` },
    spec: {
      request: certificateRequest,
      signerName: "kubernetes.io/kube-apiserver-client",
      usages: ["client auth"],
    },
  });
  await same(`create -f ${path}`);
  await same(`certificate approve asked-${process.pid}`);
  await must(`wait --for=jsonpath={.status.certificate} csr/asked-${process.pid} --timeout=30s`);
  await same(`get csr asked-${process.pid} --no-headers`);
  await same(`delete csr asked-${process.pid}`);
});

test("delete, gently, by force, and what is not there", async () => {
  await same("delete pod web");
  await same("delete pod web", 1);
  await must(`apply -f ${file(sleeping("forced"))}`);
  await isRunning("forced");
  await same("delete pod forced --force --grace-period=0");
  await same("delete pods --all");
  await same("get pods");
  await same("delete configmaps,secrets -l a=b");
});

test("a Deployment: the message says what to do", async () => {
  const deployment = file({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      selector: { matchLabels: { a: "b" } },
      template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "x" }] } },
    },
  });
  const message =
    /this is an in-memory API server for nodes and pods, not a Kubernetes distribution: it has no Deployment .*create the Pods yourself/;
  for (
    const command of [
      `apply -f ${deployment}`,
      `create -f ${deployment}`,
      "get deployments",
      "create deployment x --image=x",
    ]
  ) {
    const { code, output } = await ours.kubectl(words(command));
    assert.is(code, 1, command);
    assert.match(output, message, command);
  }
  const listed = await ours.kubectl(["api-resources", "-o", "name"]);
  assert.not.match(listed.stdout, /deployments/);
});

test("the namespace goes with everything in it", async () => {
  await same(`delete namespace ${namespace}`);
  await same("get configmaps");
  await same(`get namespace ${namespace}`, 1);
});

test.after(() => sites.close());

test.run();
