import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  startApiServer,
  type StartApiServerOptions,
  type StartedApiServer,
} from "../apiserver/server/start.ts";
import { SettingsError } from "../cli/settings_error.ts";
import { kyApi } from "../kubernetes/ky.ts";
import type { ApiPort } from "../ports.ts";
import { type Snapshot, snapshotOf, stateFrom } from "./snapshot.ts";

export interface DemoServerOptions {
  /** For its keys and kubeconfigs, and what it keeps. */
  readonly folder: string;
  /** 0: any free one, or the one of the last time. */
  readonly port: number;
  readonly keep: boolean;
}

/** The demo's API server. */
export interface DemoServer {
  /** Without the network. */
  readonly api: ApiPort;
  readonly url: string;
  /** PEM: of its certificate, and of its clients'. */
  readonly ca: string;
  /** A file. */
  readonly kubeconfig: string;
  /** Where the sample pod served the last time. */
  readonly webPort: number | undefined;
  close(): Promise<void>;
}

/** What is kept from one start to the next. */
interface Kept {
  readonly port: number;
  readonly snapshot: Snapshot;
}

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | null)?.code;

const readKept = async (file: string): Promise<Kept | undefined> => {
  try {
    const kept = JSON.parse(await readFile(file, "utf8")) as Kept;
    if (kept.snapshot?.version !== 1) throw new Error("it is of another version");
    return kept;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsError(`--keep: ${file} cannot be used (${reason}); remove its folder to begin anew`, {
      cause: error,
    });
  }
};

/** Whole or not at all. */
const writeKept = async (file: string, kept: Kept): Promise<void> => {
  await writeFile(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
  await rename(`${file}.new`, file);
};

const why: Readonly<Record<string, string>> = {
  EADDRINUSE: "is taken by another program",
  EACCES: "may not be used by this user",
};

const start = async (options: StartApiServerOptions, asked: number): Promise<StartedApiServer> => {
  try {
    return await startApiServer(options);
  } catch (error) {
    const reason = why[String(codeOf((error as Error).cause))];
    if (reason === undefined) throw error;
    // the port of the last time is a wish; the one asked for is not
    if (asked === 0) return await startApiServer({ ...options, port: 0 });
    throw new SettingsError(`--port: port ${asked} of 127.0.0.1 ${reason}; give another one, or 0 for any`, {
      cause: error,
    });
  }
};

const webPortOf = (server: StartedApiServer): number | undefined => {
  const port: unknown = server.get("/api/v1/namespaces/default/pods/web")?.spec?.containers?.[0]?.ports?.[0]
    ?.containerPort;
  return typeof port === "number" ? port : undefined;
};

/** Starts the API server, where it was left when that was kept. Throws {@link SettingsError}. */
export const startServer = async ({ folder, port, keep }: DemoServerOptions): Promise<DemoServer> => {
  const file = join(folder, "state.json");
  const kept = keep ? await readKept(file) : undefined;
  const state = kept === undefined ? {} : { state: stateFrom(kept.snapshot) };
  const server = await start({ dir: folder, port: port === 0 ? kept?.port ?? 0 : port, ...state }, port);
  return {
    api: kyApi({ server: server.url, fetch: (url, init) => server.fetch(url, init) }),
    url: server.url,
    ca: server.ca,
    kubeconfig: server.kubeconfigFiles?.certificate ?? "",
    webPort: webPortOf(server),
    close: async () => {
      if (keep) await writeKept(file, { port: server.port, snapshot: snapshotOf(server.state()) });
      await server.close();
    },
  };
};
