import { podPath } from "../../../core/kubernetes/request.ts";
import type { CommandCall } from "../command.ts";
import { open } from "./ask.ts";
import { withCluster } from "./cluster.ts";
import type { LogsSettings } from "./logs_settings.ts";

const queryOf = (settings: LogsSettings): Readonly<Record<string, string>> => {
  const { container, follow, tail, previous, since, timestamps } = settings;
  return {
    ...(container === undefined ? {} : { container }),
    ...(follow ? { follow: "true" } : {}),
    ...(tail === undefined ? {} : { tailLines: `${tail}` }),
    ...(previous ? { previous: "true" } : {}),
    ...(since === undefined ? {} : { sinceSeconds: `${since / 1_000}` }),
    ...(timestamps ? { timestamps: "true" } : {}),
  };
};

/** Shows what a container has written. */
export const logs = (call: CommandCall<LogsSettings>): Promise<number> =>
  withCluster(call, async ({ api, namespace, signal }) => {
    const name = (call.operands[0] ?? "").replace(/^pods?\//, "");
    const path = `${podPath(namespace, name)}/log`;
    const body = await open(api, { method: "GET", path, query: queryOf(call.settings) }, signal);
    const decoder = new TextDecoder();
    for await (const bytes of body) await call.out(decoder.decode(bytes, { stream: true }));
    await call.out(decoder.decode());
  });
