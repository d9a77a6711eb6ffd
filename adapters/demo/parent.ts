import process from "node:process";

const lookMs = 500;

/**
 * Calls back when the task runner that has started this is gone: npx and `npm run` do not pass signals on, and what they
 * started would stay behind. Only where one has (`INIT_CWD` says so): other parents may leave on purpose.
 */
export const whenParentEnds = (
  env: Readonly<Record<string, string | undefined>>,
  callback: () => void,
): () => void => {
  if (env.INIT_CWD === undefined) return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, lookMs);
  return () => clearInterval(timer);
};
