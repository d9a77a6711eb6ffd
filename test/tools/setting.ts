import process from "node:process";

/** A variable that the runner sets once it has started a control plane. Throws what to run instead. */
export const clusterSetting = (name: string, suite: string): string => {
  const value = process.env[name];
  if (value !== undefined && value !== "") return value;
  throw new Error(
    `${name} is not set: run this by \`deno task test:cluster ${suite}\`, which starts a control plane`,
  );
};
