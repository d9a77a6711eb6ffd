import { spawn } from "node:child_process";
import process from "node:process";
import type { World } from "./e2e.ts";

/** A kubectl that goes on until something ends it. */
export interface Following {
  /** Standard output so far. */
  readonly text: () => string;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  readonly stop: () => void;
}

/** `kubectl logs -f`, `get --watch` and the like, in the namespace. */
export const follow = (world: World, ...args: readonly string[]): Following => {
  const { VK_TEST_KUBECTL = "", VK_TEST_KUBECONFIG = "" } = process.env;
  const all = ["--kubeconfig", VK_TEST_KUBECONFIG, "-n", world.namespace, ...args];
  const child = spawn(VK_TEST_KUBECTL, all, { stdio: ["ignore", "pipe", "inherit"] });
  const decoder = new TextDecoder();
  let text = "";
  child.stdout.on("data", (bytes: Uint8Array) => text += decoder.decode(bytes, { stream: true }));
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", resolve);
    child.on("error", () => resolve(null));
  });
  return { text: () => text, ended, stop: () => void child.kill("SIGTERM") };
};

/** What `kubectl get --watch -o json --output-watch-events` has printed so far. */
export const watchEvents = <A>(text: string): readonly { readonly type: string; readonly object: A }[] =>
  text.slice(0, text.lastIndexOf("\n") + 1).split("\n").filter((line) => line !== "").map((line) =>
    JSON.parse(line)
  );
