/** The least versions: `engines` of package.json says the same of Node. */
const least = { node: [22, 19], deno: [2, 8] } as const;

const isOlder = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
};

/** What to say where the runtime is too old for this program; `undefined` where it is not. */
export const tooOld = (versions: { readonly node?: string; readonly deno?: string }): string | undefined => {
  const name = versions.deno === undefined ? "node" : "deno";
  const version = versions[name] ?? "0";
  if (!isOlder(version, least[name])) return undefined;
  const shown = name === "node" ? "Node" : "Deno";
  return `this program needs ${shown} ${least[name].join(".")} or later, and this is ${shown} ${version}: ` +
    `install a newer one, or run it with npx -y deno@2.9.6`;
};
