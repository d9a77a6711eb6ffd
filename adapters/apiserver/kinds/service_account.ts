import { right } from "fp-ts/lib/Either.js";
import type { Kind } from "../kind.ts";
import type { ApiObject } from "../object.ts";
import { define } from "./define.ts";
import { textAt, withItems } from "./fields.ts";
import { dnsSubdomain } from "./name_rules.ts";
import { validator } from "./rules.ts";

/** Secrets are referred to by name alone. */
const withNames = (object: ApiObject): ApiObject =>
  withItems(object, "secrets", (secret) => {
    const name = textAt(secret, "name");
    return name === "" ? {} : { name };
  });

export const serviceAccount: Kind = define({
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  shortNames: ["sa"],
  namespaced: true,
  subresources: {
    token: { verbs: ["create"], kind: "TokenRequest", apiVersion: "authentication.k8s.io/v1" },
  },
  onCreate: (object) => right(withNames(object)),
  onUpdate: (next) => right(withNames(next)),
  validate: validator({ namespaced: true, name: dnsSubdomain }),
});
