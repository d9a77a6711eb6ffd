import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Finished, runCommand } from "./child.ts";

const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(
    name = "main",
    worker = (modules = [(name = "worker", esModule = embed "worker.js")], compatibilityDate = "2026-01-01")
  )]
);
`;

/** Runs the `test()` of a worker's default export in workerd; the exit code is 0 when it did not throw. */
export const runInWorkerd = async (code: string, boundMs: number): Promise<Finished> => {
  const dir = await mkdtemp(join(tmpdir(), "vk-workerd-"));
  try {
    await writeFile(join(dir, "config.capnp"), config);
    await writeFile(join(dir, "worker.js"), code);
    const workerd: string = createRequire(import.meta.url)("workerd").default;
    return await runCommand(workerd, ["test", join(dir, "config.capnp")], {
      signal: AbortSignal.timeout(boundMs),
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};
