import { mustRun } from "./child.ts";

const attempts = 3;
const boundMs = 180_000;

/** Runs npm, a few times over when it fails: a registry may be slow or away for a moment. */
export const npm = async (args: readonly string[], cwd: string): Promise<string> => {
  for (let attempt = 1;; attempt++) {
    try {
      return await mustRun("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
        cwd,
        signal: AbortSignal.timeout(boundMs),
      });
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
};
