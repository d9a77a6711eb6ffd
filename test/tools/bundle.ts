import { build, type Metafile } from "esbuild";
import { join } from "node:path";
import { root } from "./files.ts";

/** A module and all it reaches as one file, and what went into it. */
export interface Bundle {
  readonly code: string;
  readonly inputs: readonly string[];
  /** What the bundle still imports when it runs. */
  readonly externals: readonly string[];
}

/**
 * Bundles for a browser, `without` some packages. Rejects when something cannot be resolved there, as every `node:` module, naming who imports it.
 */
export const bundle = async (
  entry: string | { readonly text: string },
  without: readonly string[] = [],
): Promise<Bundle> => {
  const source = typeof entry === "string"
    ? { entryPoints: [join(root, entry)] }
    : { stdin: { contents: entry.text, resolveDir: root, loader: "ts" as const } };
  const built = await build({
    ...source,
    bundle: true,
    write: false,
    metafile: true,
    platform: "browser",
    format: "esm",
    target: "es2023",
    absWorkingDir: root,
    external: [...without],
    logLevel: "silent",
  });
  const metafile: Metafile = built.metafile;
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  return {
    code: built.outputFiles[0]?.text ?? "",
    inputs: Object.keys(metafile.inputs),
    externals: imports.filter((found) => found.external).map((found) => found.path),
  };
};

/** The package of a file under `node_modules`, or `undefined` for one of our own. */
export const packageOf = (input: string): string | undefined =>
  /.*\/?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
