import process from "node:process";
import type { EnvValue } from "../../../core/pod/intent.ts";

/** What a container image would set; a pod's own PATH wins. */
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Everything that a process is given to find itself in: nothing of the agent's but what is named in `inherit`. */
export const environmentOf = (
  own: readonly EnvValue[],
  given: { readonly home: string; readonly hostname: string; readonly inherit: readonly string[] },
): ReadonlyMap<string, string> => {
  const all = new Map([["PATH", defaultPath], ["HOME", given.home], ["HOSTNAME", given.hostname]]);
  for (const name of given.inherit) {
    const value = process.env[name];
    if (value !== undefined) all.set(name, value);
  }
  for (const { name, value } of own) all.set(name, value);
  return all;
};

const shellName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Names that some shell gives a meaning of its own, or that our script uses. */
const shellOwns = new RegExp(
  "^(vk_.*|VK_.*|BASH.*|SHELLOPTS|UID|EUID|PPID|GROUPS|DIRSTACK|FUNCNAME|RANDOM|SRANDOM|SECONDS|EPOCH.*|HIST.*|LINENO|" +
    "OPT.*|PWD|OLDPWD|SHLVL|IFS|MAIL.*|PS[0-9]|ENV|POSIXLY_CORRECT|COMP_.*|_)$",
);

/** Whether a shell can carry a variable of that name. */
export const isShellName = (name: string): boolean => shellName.test(name) && !shellOwns.test(name);

/**
 * The environment as the supervisor takes it: `NAME=value` to be exported by the shell, and the few whose names a shell
 * cannot carry (`a.b`, `PWD`…), which go through `env(1)` and so show for an instant in its arguments.
 */
export const splitEnvironment = (
  all: ReadonlyMap<string, string>,
): { readonly exported: readonly string[]; readonly odd: readonly string[] } => {
  const exported: string[] = [];
  const odd: string[] = [];
  for (const [name, value] of all) {
    (isShellName(name) ? exported : odd).push(`${name}=${value}`);
  }
  return { exported, odd };
};
