import { Agent, fetch } from "undici";
import { kubeconfigConnection } from "../../../adapters/kubernetes/kubeconfig.ts";
import { clusterSetting } from "../../tools/setting.ts";
import { type Reach, type Target, targetOf } from "./target.ts";

const fetchWith = (tls: Readonly<Record<string, string | undefined>>): Reach["admin"] => {
  const dispatcher = new Agent({ connect: tls });
  // undici's own types of the same web classes
  return (url, init) => fetch(url, { ...init, dispatcher } as never) as unknown as Promise<Response>;
};

/** The API server of a kubeconfig with a client certificate. */
export const targetOfKubeconfig = async (name: string, isReal: boolean, path: string): Promise<Target> => {
  const { server, ca, clientCertificate: cert, clientKey: key } = await kubeconfigConnection({ path });
  return targetOf({ name, isReal, server, admin: fetchWith({ ca, cert, key }), nobody: fetchWith({ ca }) });
};

/** The real API server that the runner has started. */
export const realTarget = async (): Promise<Target> =>
  await targetOfKubeconfig(
    "the real API server",
    true,
    clusterSetting("VK_TEST_KUBECONFIG", "cluster/apiserver"),
  );
