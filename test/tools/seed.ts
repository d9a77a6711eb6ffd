import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { hash32 } from "../../core/hash.ts";
import { filesUnder, root } from "./files.ts";

const ofTheCode = (): number =>
  ["core", "adapters"].flatMap((folder) => filesUnder(folder)).filter((file) => file.endsWith(".ts"))
    .reduce((hash, file) => hash32(`${hash} ${file} ${readFileSync(join(root, file), "utf8")}`), 0);

/**
 * What every random test begins from: other values with each change of the code, the same ones for everybody who has
 * that code, so that a failure of CI is one that anybody can repeat. `VK_SEED` is another; `VK_SEED=random` hunts.
 */
export const seed: number = (() => {
  const { VK_SEED: chosen } = process.env;
  if (chosen === undefined || chosen === "") return ofTheCode();
  return chosen === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(chosen);
})();
