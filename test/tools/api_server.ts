import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import process from "node:process";
import { isAlive } from "./pod_processes.ts";
import { until } from "./until.ts";

/** An API server that was ended, and can be started again as it was. */
export interface StoppedApiServer {
  start(): Promise<void>;
}

/** Why the API server cannot be stopped here, if so. */
export const noApiServer = (): string | undefined =>
  process.env.VK_TEST_CONTROLPLANE_DIR === undefined
    ? "VK_TEST_CONTROLPLANE_DIR is not set: the API server is somebody else's"
    : undefined;

const isReady = (args: readonly string[]): Promise<boolean> => {
  const flag = (name: string): string => args.find((arg) => arg.startsWith(`${name}=`))?.split("=")[1] ?? "";
  const [host, port] = [flag("--bind-address"), flag("--secure-port")];
  return new Promise((resolve) => {
    const asked = request(
      { host, port, path: "/readyz", rejectUnauthorized: false, agent: false },
      (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode === 200));
      },
    );
    asked.on("error", () => resolve(false));
    asked.end();
  });
};

/** Ends the API server of the tests' control plane with SIGKILL: connections break, nobody says good-bye. */
export const stopApiServer = async (): Promise<StoppedApiServer> => {
  const dir = process.env.VK_TEST_CONTROLPLANE_DIR ?? "";
  const pidFile = join(dir, "kube-apiserver.pid");
  const pid = Number(readFileSync(pidFile, "utf8"));
  const [program = "", ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").replace(/\0$/, "").split("\0");
  if (!args.includes("kube-apiserver")) throw new Error(`process ${pid} is no kube-apiserver: ${program}`);
  process.kill(pid, "SIGKILL");
  await until("the API server has ended", () => !isAlive(pid));
  return {
    start: async () => {
      const log = openSync(join(dir, "kube-apiserver.log"), "a");
      const child = spawn(program, args, { detached: true, stdio: ["ignore", log, log] });
      child.unref();
      closeSync(log);
      writeFileSync(pidFile, `${child.pid}\n`);
      await until("the API server is ready", () => isReady(args));
    },
  };
};
