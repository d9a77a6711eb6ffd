import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { parse, stringify } from "yaml";
import { connect } from "../../adapters/connect.ts";
import { connectWith } from "../../adapters/kubernetes/connect.ts";
import { explicitConnection } from "../../adapters/kubernetes/connection.ts";
import { denoTransport } from "../../adapters/kubernetes/fetch_deno.ts";
import { nodeTransport } from "../../adapters/kubernetes/fetch_node.ts";
import { fluentClientApi } from "../../adapters/kubernetes/fluent_client.ts";
import { kubeconfigConnection } from "../../adapters/kubernetes/kubeconfig.ts";
import { kyApi } from "../../adapters/kubernetes/ky.ts";
import type { ApiPortContract } from "../contract/api_port.ts";

/** An adapter that speaks with the cluster of a kubeconfig. */
export interface NamedApiPort {
  readonly name: string;
  readonly make: ApiPortContract["make"];
}

const runtime = "Deno" in globalThis ? "Deno" : `Node ${process.versions.node}`;

/** Every adapter that this runtime has; `folder` is for kubeconfigs that are made on the way. */
export const apiPorts = (kubeconfig: string, folder: string): readonly NamedApiPort[] => {
  let files = 0;
  /** The admin's own, or the admin's cluster with a token. */
  const kubeconfigOf = async (speaker: Parameters<ApiPortContract["make"]>[0]): Promise<string> => {
    if (speaker === "admin") return kubeconfig;
    const config = parse(await readFile(kubeconfig, "utf8"));
    for (const entry of config.users) entry.user = { token: speaker.token };
    const file = join(folder, `${files++}.kubeconfig`);
    await writeFile(file, stringify(config), { mode: 0o600 });
    return file;
  };
  const everywhere: readonly NamedApiPort[] = [
    {
      name: `ky, connect by kubeconfig, ${runtime}`,
      make: async (speaker) => await connect({ kubeconfig: await kubeconfigOf(speaker) }),
    },
    {
      name: `fetch alone, ${runtime}`,
      make: async (speaker) => await connect({ kubeconfig: await kubeconfigOf(speaker), client: "fetch" }),
    },
    {
      name: `kubernetes-fluent-client, ${runtime}`,
      make: async (speaker) => {
        process.env.KUBECONFIG = await kubeconfigOf(speaker);
        return await fluentClientApi();
      },
    },
  ];
  if (runtime !== "Deno") return everywhere;
  return [
    ...everywhere,
    {
      // on Node that is what `connect` does
      name: "ky over undici, Deno",
      make: async (speaker) => await connectWith(nodeTransport, { kubeconfig: await kubeconfigOf(speaker) }),
    },
    {
      name: "ky over Deno's fetch, explicit connection",
      make: async (speaker) => {
        const { ca, clientCertificate, clientKey, server } = await kubeconfigConnection({ path: kubeconfig });
        const connection = explicitConnection(
          speaker === "admin"
            ? { server, ca, clientCertificate, clientKey }
            : { server, ca, token: speaker.token },
        );
        const transport = denoTransport(connection);
        return { api: kyApi({ ...connection, fetch: transport.fetch }), close: transport.close };
      },
    },
  ];
};
