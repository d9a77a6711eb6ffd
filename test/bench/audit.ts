// What the API server's audit log says was asked of it.
import { existsSync, statSync } from "node:fs";
import { open } from "node:fs/promises";

/** One finished request. */
export interface Request {
  readonly userAgent: string;
  readonly verb: string;
  /** With its subresource: `pods/status`. */
  readonly resource: string;
  readonly name: string;
  readonly uri: string;
  readonly code: number;
}

/** The audit log of a control plane that was started with `CONTROLPLANE_AUDIT=1`. */
export interface AuditLog {
  /** Where it ends now. */
  mark(): number;
  /** What was answered since a mark. A watch counts when it begins. */
  since(mark: number): Promise<readonly Request[]>;
}

const requestOf = (line: string): Request | undefined => {
  const { userAgent = "", verb, objectRef = {}, requestURI, responseStatus, stage } = JSON.parse(line);
  if (verb === "watch" ? stage !== "ResponseStarted" : stage !== "ResponseComplete") return undefined;
  const { resource = "", subresource, name = "" } = objectRef;
  return {
    userAgent,
    verb,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    name,
    uri: requestURI,
    code: responseStatus?.code ?? 0,
  };
};

/** Reads the audit log in a file. Throws when there is none. */
export const auditLog = (file: string): AuditLog => {
  if (!existsSync(file)) {
    throw new Error(`${file} does not exist: start the control plane with CONTROLPLANE_AUDIT=1`);
  }
  const mark = (): number => statSync(file).size;
  return {
    mark,
    since: async (from) => {
      const to = mark();
      if (to < from) throw new Error(`${file} was rotated: start a new control plane`);
      const handle = await open(file, "r");
      try {
        const bytes = new Uint8Array(to - from);
        await handle.read(bytes, 0, bytes.length, from);
        const lines = new TextDecoder().decode(bytes).split("\n").filter((line) => line.endsWith("}"));
        return lines.map(requestOf).filter((request) => request !== undefined);
      } finally {
        await handle.close();
      }
    },
  };
};

/** How often what was asked: `patch pods/status` -> 1000. */
export const countRequests = (requests: readonly Request[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { verb, resource } of requests) {
    const key = `${verb} ${resource}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

const writes: readonly string[] = ["patch pods/status", "update pods/status", "delete pods", "create events"];

/** What agents wrote about the pods whose names begin with `prefix`. */
export const podWrites = (requests: readonly Request[], prefix: string): readonly Request[] =>
  requests.filter(({ userAgent, verb, resource, name }) =>
    writes.includes(`${verb} ${resource}`) && name.startsWith(prefix) &&
    !userAgent.startsWith("vk-bench-observer") &&
    !userAgent.startsWith("kube-")
  );
