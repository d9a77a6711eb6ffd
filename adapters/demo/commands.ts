import { access, constants } from "node:fs/promises";
import { basename, delimiter, join, relative } from "node:path";
import process from "node:process";

type Env = Readonly<Record<string, string | undefined>>;

const onPath = async (name: string, { PATH = "" }: Env): Promise<boolean> => {
  for (const folder of PATH.split(delimiter).filter((each) => each !== "")) {
    const found = await access(join(folder, name), constants.X_OK).then(() => true, () => false);
    if (found) return true;
  }
  return false;
};

/** A word as a shell takes it. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** How this program is called from where it was called. */
const ownCommand = async (env: Env): Promise<string> => {
  const [, file = ""] = process.argv;
  if (basename(file) === "vk" || await onPath("vk", env)) return "vk";
  if (process.versions.deno === undefined) {
    return file.endsWith(".js") ? "npx virtual-kubelet" : `node ${shellWord(relative(process.cwd(), file))}`;
  }
  return await onPath("deno", env) ? "deno task vk" : `npx -y deno@${process.versions.deno} task vk`;
};

/** Lines to copy: they point kubectl at the cluster, or this program where there is no kubectl. */
export const commandsFor = async (kubeconfig: string, pod: string, env: Env): Promise<readonly string[]> => {
  const client = await onPath("kubectl", env) ? "kubectl" : await ownCommand(env);
  return [
    `export KUBECONFIG=${shellWord(kubeconfig)}`,
    `${client} get pods`,
    `${client} logs -f ${pod}`,
    `${client} delete pod ${pod}`,
  ];
};
