import process from "node:process";
import type { JsonObject } from "../apiserver/object.ts";

/** What the sample pods are made for. */
export interface SampleOptions {
  readonly provider: "process" | "memory";
  readonly nodes: number;
  /** On which `web` serves. */
  readonly port: number;
  /** The command line of a runtime that runs the script that follows it: `[node, -e]`. */
  readonly runtime: readonly string[];
}

const webScript = `
import("node:http").then(({ createServer }) => {
  const { PORT, HOSTNAME } = process.env;
  let count = 0;
  const server = createServer((request, response) => {
    console.log(\`\${request.method} \${request.url}\`);
    response.end(\`Hello from pod \${HOSTNAME}, request \${++count}\\n\`);
  });
  process.on("SIGTERM", () => process.exit(0));
  server.listen(Number(PORT), "127.0.0.1", () => console.log(\`serving http://127.0.0.1:\${PORT}\`));
});
`.trim();

const jobScript = `
for step in 1 2 3; do
  echo "step $step of 3"
  sleep 1
done
echo "done"
`.trim();

/** Says what it is an example of, for those who look at it with `-o yaml`. */
const pod = (
  name: string,
  container: JsonObject,
  more: { readonly spec?: JsonObject; readonly annotations?: Readonly<Record<string, string>> } = {},
): JsonObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name,
    namespace: "default",
    labels: { app: name, "app.kubernetes.io/part-of": "virtual-kubelet-demo" },
    ...(more.annotations === undefined ? {} : { annotations: more.annotations }),
  },
  spec: {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 2,
    containers: [{ name: "main", image: "this-machine", ...container }],
    ...more.spec,
  },
});

const never: JsonObject = { restartPolicy: "Never" };

/** A pod that counts to three and is done, and one that serves HTTP until it is stopped. */
const processes = ({ port, runtime }: SampleOptions): readonly JsonObject[] => [
  pod("count", { command: ["sh", "-c", jobScript] }, { spec: never }),
  pod("web", {
    command: [...runtime, webScript],
    env: [{ name: "PORT", value: `${port}` }, { name: "DENO_NO_UPDATE_CHECK", value: "1" }],
    ports: [{ containerPort: port }],
  }),
];

const script = (fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [`memory.virtual-kubelet.io/${name}`, value]),
  );

const most = 200;

/** Two pods a node: one that runs, and one that is done after a while; of every tenth pair the latter fails once. */
const simulated = ({ nodes }: SampleOptions): readonly JsonObject[] =>
  Array.from({ length: Math.min(nodes, most / 2) }, (_, at) => {
    const count = at + 1;
    const web = script({ "start-seconds": "1", log: "this pod is simulated: it serves nothing\n" });
    const job = script({
      "run-seconds": "3",
      log: "this pod is simulated: it counts nothing\n",
      "exit-codes": count % 10 === 3 ? "1,0" : "0",
    });
    const spec = { restartPolicy: count % 10 === 3 ? "OnFailure" : "Never" };
    return [
      pod(`count-${count}`, {}, { annotations: job, spec }),
      pod(`web-${count}`, {}, { annotations: web }),
    ];
  }).flat();

/** The runtime that runs this: it is surely there, and both have `node:http`. */
export const runtimeCommand = (): readonly string[] =>
  process.versions.deno === undefined ? [process.execPath, "-e"] : [process.execPath, "eval"];

/** The pods that the demo begins with, in the order of their creation. */
export const samplePods = (options: SampleOptions): readonly JsonObject[] =>
  options.provider === "process" ? processes(options) : simulated(options);
