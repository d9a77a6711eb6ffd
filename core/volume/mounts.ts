import type { Container } from "../kubernetes/container.ts";
import type { Pod } from "../kubernetes/pod.ts";
import { expand } from "../pod/expand.ts";
import type { EnvValue, Problem } from "../pod/intent.ts";
import type { ResolvedMount } from "./volume.ts";
import { isWithin } from "./work.ts";

/** `subPathExpr` expanded; what is left of a variable was never declared. */
const subPathOf = (
  { subPath, subPathExpr }: NonNullable<Container["volumeMounts"]>[number],
  env: readonly EnvValue[],
): string | undefined => {
  if (subPathExpr === undefined || subPathExpr === "") return subPath === "" ? undefined : subPath;
  // what is put in later is not known yet
  const known = env.filter(({ pieces }) => pieces === undefined);
  const values = new Map(known.map(({ name, value }) => [name, value]));
  return expand(subPathExpr, (name) => values.get(name));
};

/** The mounts of one container, in the order of the spec; `path` is where it stands in the spec. */
export const resolveMounts = (
  pod: Pod,
  container: Container,
  path: string,
  env: readonly EnvValue[],
): { readonly mounts: readonly ResolvedMount[]; readonly problems: readonly Problem[] } => {
  const names = new Set((pod.spec.volumes ?? []).map(({ name }) => name));
  const mounts: ResolvedMount[] = [];
  const problems: Problem[] = [];
  for (const [at, mount] of (container.volumeMounts ?? []).entries()) {
    const field = `${path}.volumeMounts[${at}]`;
    const subPath = subPathOf(mount, env);
    if (!names.has(mount.name)) {
      problems.push({ field, message: `there is no volume ${JSON.stringify(mount.name)}`, fatal: true });
    } else if (subPath !== undefined && (!isWithin(subPath) || subPath.includes("$("))) {
      const message = `the sub-path is not one within the volume: ${mount.subPathExpr ?? subPath}`;
      problems.push({ field, message, fatal: true });
    } else {
      const { name, mountPath, readOnly = false } = mount;
      mounts.push({ volume: name, mountPath, readOnly, ...subPath === undefined ? {} : { subPath } });
    }
  }
  return { mounts, problems };
};
