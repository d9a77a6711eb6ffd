// How the benchmark and the agents it measures speak: lines on standard input and output.
import process from "node:process";

/** Says something to the benchmark. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Calls back for every line that the benchmark says; resolves when it has said everything. */
export const hear = async (line: (text: string) => void): Promise<void> => {
  let rest = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(line);
  }
};

/** The arguments of an agent: the kubeconfig and the name of its node. */
export const argumentsOf = (): { readonly kubeconfig: string; readonly node: string } => {
  const [kubeconfig, node] = process.argv.slice(2);
  if (kubeconfig === undefined || node === undefined) throw new Error("usage: AGENT KUBECONFIG NODE");
  return { kubeconfig, node };
};

/** The user agent by which the audit log knows an agent. */
export const userAgentOf = (node: string): string => `vk-bench/${node}`;
