/** Run only when named: they need a control plane, measure, or test the tests. */
const onlyNamed: readonly string[] = ["cluster", "e2e", "bench", "planted"];

/** Folders whose tests need a running control plane. */
const onCluster: readonly string[] = ["cluster", "e2e"];

/** Not tests themselves. */
const isTest = (path: string): boolean => path.endsWith(".test.ts") && !path.startsWith("test/tools/");

const folderOf = (path: string): string => path.split("/")[1] ?? "";

/** Whether a test file needs a running control plane. */
export const needsCluster = (path: string): boolean => onCluster.includes(folderOf(path));

/** What the command line asks for. */
export interface Selection {
  /** Folders, files or beginnings of them, with or without `test/`. None: everything that needs no control plane. */
  readonly named: readonly string[];
  /** Folders of `test/` to leave out. */
  readonly except: readonly string[];
}

/** The test files to run, of all files under `test/`, or the name that fits none of them. */
export const selectTests = (
  files: readonly string[],
  selection: Selection,
): { readonly files: readonly string[] } | { readonly unknown: string } => {
  const tests = files.filter((path) => isTest(path) && !selection.except.includes(folderOf(path)));
  if (selection.named.length === 0) {
    return { files: tests.filter((path) => !onlyNamed.includes(folderOf(path))) };
  }
  const wanted = selection.named.map((name) => name.replace(/^\.?\/?(test\/)?/, "test/").replace(/\/$/, ""));
  const fits = (path: string, name: string): boolean =>
    path === name || path.startsWith(`${name}/`) || path.startsWith(`${name}.`);
  const unknown = wanted.findIndex((name) => !tests.some((path) => fits(path, name)));
  if (unknown >= 0) return { unknown: selection.named[unknown] ?? "" };
  return { files: tests.filter((path) => wanted.some((name) => fits(path, name))) };
};
