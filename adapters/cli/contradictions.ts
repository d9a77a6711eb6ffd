import type { RunSettings } from "./settings.ts";

/** What is wrong with settings that are each right, with the flags that are meant. */
export const contradictions = (settings: RunSettings): readonly string[] => {
  const { inCluster, kubeconfig, context, tlsCertFile, tlsPrivateKeyFile } = settings;
  const wrong: string[] = [];
  if (inCluster && (kubeconfig !== undefined || context !== undefined)) {
    const other = kubeconfig !== undefined ? "--kubeconfig" : "--context";
    wrong.push(`--in-cluster and ${other} name two ways to a cluster; leave one out`);
  }
  if ((tlsCertFile === undefined) !== (tlsPrivateKeyFile === undefined)) {
    const [have, miss] = tlsCertFile === undefined
      ? ["--tls-private-key-file", "--tls-cert-file"]
      : ["--tls-cert-file", "--tls-private-key-file"];
    wrong.push(`${have} needs ${miss} too; give both, or none for a self-signed certificate`);
  }
  return wrong;
};
