import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** A request that the API server has answered, or begun to answer. */
export interface Audited {
  readonly at: number;
  readonly verb: string;
  /** With its query. */
  readonly uri: string;
  readonly code: number;
}

const logPath = (): string => join(process.env.VK_TEST_CONTROLPLANE_DIR ?? "", "audit.log");

/** Why there is no audit log to look into, if so. */
export const noAudit = (): string | undefined =>
  existsSync(logPath())
    ? undefined
    : "the control plane keeps no audit log (CONTROLPLANE_AUDIT=1), or VK_TEST_CONTROLPLANE_DIR is not set";

/** Every request of one user since a time (`Date.now()`), in order, each once. */
export const audited = (username: string, since: number): readonly Audited[] => {
  const own = `"username":"${username}"`;
  const seen = new Map<string, Audited>();
  for (const line of readFileSync(logPath(), "utf8").split("\n")) {
    if (!line.includes(own) || !line.endsWith("}")) continue;
    const { user, auditID, requestReceivedTimestamp, verb, requestURI, responseStatus } = JSON.parse(line);
    const at = Date.parse(requestReceivedTimestamp);
    if (user.username !== username || at < since) continue;
    seen.set(auditID, { at, verb, uri: requestURI, code: responseStatus?.code ?? 0 });
  }
  return [...seen.values()].sort((a, b) => a.at - b.at);
};

/** One object by its name, or the services of a namespace: what the pods of the node refer to. */
const isReferred = (pathname: string, selector: readonly string[]): boolean =>
  /\/namespaces\/[^/]+\/(configmaps|secrets)$/.test(pathname)
    ? selector.some((each) => each.startsWith("metadata.name="))
    : /\/namespaces\/[^/]+\/services$/.test(pathname);

/** Lists and watches that see more than what is bound to the node, or what that refers to. */
export const wideReads = (requests: readonly Audited[], node: string): readonly string[] => {
  const isOwn = (uri: string): boolean => {
    const { pathname, searchParams } = new URL(uri, "https://api");
    const selector = (searchParams.get("fieldSelector") ?? "").split(",");
    if (isReferred(pathname, selector)) return true;
    return pathname.endsWith("/pods")
      ? selector.includes(`spec.nodeName=${node}`)
      : pathname.endsWith("/nodes") && selector.includes(`metadata.name=${node}`);
  };
  const reads = requests.filter(({ verb, uri }) => ["list", "watch"].includes(verb) && !isOwn(uri));
  return [...new Set(reads.map(({ verb, uri }) => `${verb} ${uri}`))];
};
