import { right } from "fp-ts/lib/Either.js";
import type { Cause } from "../api_error.ts";
import type { Kind } from "../kind.ts";
import type { ApiObject } from "../object.ts";
import { ageOf } from "../table/age.ts";
import { ageColumn, column, nameColumn } from "../table/columns.ts";
import { base64Of } from "./base64.ts";
import { immutable, required } from "./causes.ts";
import { dataFaults, immutableDataFaults } from "./data_rules.ts";
import { define } from "./define.ts";
import { at, entriesAt, objectAt, textAt, textOf, withDefaults } from "./fields.ts";
import { dnsSubdomain } from "./name_rules.ts";
import { validator } from "./rules.ts";

/** `stringData` is only ever written: its entries go into `data`, over those of the same keys. */
const withTexts = ({ stringData: _, ...object }: ApiObject): ApiObject => {
  const texts = entriesAt(objectAt({ stringData: _ }, "stringData")).map((
    [key, text],
  ) => [key, base64Of(textOf(text))]);
  const data = { ...objectAt(object, "data"), ...Object.fromEntries(texts) };
  return (texts.length === 0 ? object : { ...object, data }) as ApiObject;
};

/** Keys without which a secret of a type is of no use. */
const needed: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

const accountName = "kubernetes.io/service-account.name";

/** What a type asks for. The insides of certificates and of Docker's files are not looked at. */
const typeFaults = (object: ApiObject): readonly Cause[] => {
  const type = textAt(object, "type");
  const has = (key: string): boolean => at(object, "data", key) !== undefined;
  if (type === "kubernetes.io/service-account-token") {
    const named = textAt(object, "metadata", "annotations", accountName);
    return named === "" ? [required(`metadata.annotations[${accountName}]`)] : [];
  }
  if (type === "kubernetes.io/basic-auth") {
    const keys = ["username", "password"];
    return keys.some(has) ? [] : keys.map((key) => required(`data[${key}]`));
  }
  const keys = Object.hasOwn(needed, type) ? needed[type] ?? [] : [];
  return keys.filter((key) => !has(key)).map((key) => required(`data[${key}]`));
};

export const secret: Kind = define({
  kind: "Secret",
  plural: "secrets",
  namespaced: true,
  fields: { type: (object) => textAt(object, "type") },
  columns: [
    nameColumn,
    column("Type", "What the secret is for."),
    column("Data", "How many entries it has."),
    ageColumn,
  ],
  cells: (object, now) => [
    object.metadata.name,
    textAt(object, "type"),
    entriesAt(object, "data").length,
    ageOf(object, now),
  ],
  defaults: (object) => withDefaults(withTexts(object), { type: "Opaque" }),
  onUpdate: (next, before) => right(withDefaults(next, { type: textAt(before, "type") })),
  validate: validator({
    namespaced: true,
    name: dnsSubdomain,
    faults: (object) => [...dataFaults(object, true), ...typeFaults(object)],
    changeFaults: (next, before) => [
      ...immutable("type", at(next, "type"), at(before, "type")),
      ...immutableDataFaults(next, before),
    ],
  }),
});
