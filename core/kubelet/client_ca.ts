import * as E from "fp-ts/lib/Either.js";
import * as t from "io-ts";
import { type ApiRequest, getObject } from "../kubernetes/request.ts";

/** Where an API server publishes the CA that it accepts client certificates from. */
export const clientCaConfigMap: ApiRequest = getObject(
  "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication",
);

const ConfigMapCodec = t.type({ data: t.type({ "client-ca-file": t.string }) });

/** The PEM certificates of that ConfigMap. Left: why there are none. */
export const decodeClientCa = (text: string): E.Either<string, string> => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return E.left("the answer is not JSON");
  }
  if (!ConfigMapCodec.is(json)) return E.left("it has no client-ca-file");
  const pem = json.data["client-ca-file"];
  return pem.includes("-----BEGIN CERTIFICATE-----") ? E.right(pem) : E.left("its client-ca-file is not PEM");
};
