import { hash32, hashText } from "../../core/hash.ts";

const maxName = 63;

/**
 * A name for a cluster, the same at every start. By its CA where that is known: addresses change, and a node that takes
 * itself for another's would not find its pods again. Else host, port and path of the API server, with `-` for what a label's value
 * cannot hold. One proxy may serve many clusters under one CA, each with a path of its own.
 */
export const clusterName = (server: string, ca?: string): string => {
  const { host, pathname } = new URL(server);
  if (ca !== undefined) return `ca-${hashText(`${ca.replace(/\s+/g, "")} ${pathname.replace(/\/$/, "")}`)}`;
  const whole = `${host}${pathname}`;
  const name = whole.replace(/[^A-Za-z0-9.]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
  const plain = whole.replace(/\/$/, "").replace(":", "-") === name;
  if (plain && name.length <= maxName) return name;
  // what was replaced or cut could be all that tells two clusters apart
  const hash = hash32(whole).toString(36);
  return `${name.slice(0, maxName - 1 - hash.length)}-${hash}`;
};
