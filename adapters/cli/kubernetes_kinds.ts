import { isIP } from "node:net";
import type { ResourceList, Taint } from "../../core/kubernetes/node.ts";
import { parseQuantity } from "../../core/kubernetes/quantity.ts";
import { type Kind, type Parsed, textKind } from "./kind.ts";
import { list, record } from "./kinds.ts";

const wrong = { wrong: "" } as const;

const isSubdomain = (name: string): boolean =>
  name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name);

/** A name as nodes have it (RFC 1123 subdomain). */
export const nodeName: Kind<string> = textKind({
  placeholder: "NAME",
  expected: "a name of lower-case letters, digits, - and ., at most 253, like virtual-1",
  parse: (input) => isSubdomain(input) ? { value: input } : wrong,
});

/** An IP address, of either version. */
export const ipAddress: Kind<string> = textKind({
  placeholder: "IP",
  expected: "an IP address, like 10.1.2.3",
  parse: (input) => isIP(input) === 0 ? wrong : { value: input },
});

const isName = (text: string): boolean =>
  text.length <= 63 && /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(text);

/** A label's key: a name, perhaps with a domain before it. */
const isKey = (key: string): boolean => {
  const [first = "", second, ...more] = key.split("/");
  if (more.length > 0) return false;
  return second === undefined ? isName(first) : isSubdomain(first) && isName(second);
};

const isLabelValue = (value: string): boolean => value === "" || isName(value);

/** A name that tells things apart, such that back ends can keep it as a label. */
export const labelName: Kind<string> = textKind({
  placeholder: "NAME",
  expected: "a name of letters, digits, -, _ and ., at most 63, like production",
  parse: (input) => isName(input) ? { value: input } : wrong,
});

/** Labels by name. */
export const labels: Kind<Readonly<Record<string, string>>> = record({
  placeholder: "KEY=VALUE",
  expected: "labels like team=blue or example.com/zone=a (in a file: an object of texts)",
  pair: (key, value): Parsed<string> =>
    typeof value !== "string"
      ? { wrong: `label ${key} has no text as its value` }
      : !isKey(key)
      ? { wrong: `${JSON.stringify(key)} cannot be a label's key` }
      : isLabelValue(value)
      ? { value }
      : { wrong: `${JSON.stringify(value)} cannot be a label's value` },
});

const effects: readonly string[] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

const parseTaint = (input: string): Parsed<Taint> => {
  const [, key = "", value, effect = ""] = /^([^=:]+)(?:=([^:]*))?:(.+)$/.exec(input) ?? [];
  if (key === "") return wrong;
  if (!isKey(key)) return { wrong: `${JSON.stringify(key)} cannot be a taint's key` };
  if (value !== undefined && !isLabelValue(value)) {
    return { wrong: `${JSON.stringify(value)} cannot be a taint's value` };
  }
  if (!effects.includes(effect)) return { wrong: `there is no effect ${JSON.stringify(effect)}` };
  return { value: value === undefined ? { key, effect } : { key, value, effect } };
};

/** Taints, `none` for no taint at all. */
export const taints: Kind<readonly Taint[]> = list(textKind({
  placeholder: "KEY=VALUE:EFFECT",
  expected: `taints like dedicated=virtual:NoSchedule (effects: ${effects.join(", ")})`,
  parse: parseTaint,
  show: ({ key, value, effect }: Taint) => `${key}${value === undefined ? "" : `=${value}`}:${effect}`,
}));

/** Resources by name. */
export const resources: Kind<ResourceList> = record({
  placeholder: "NAME=QUANTITY",
  expected: "resources like cpu=4,memory=8Gi,pods=110",
  pair: (name, value): Parsed<string> => {
    if (!isKey(name)) return { wrong: `${JSON.stringify(name)} cannot be a resource's name` };
    const text = typeof value === "number" ? String(value) : value;
    const amount = typeof text === "string" ? parseQuantity(text) : undefined;
    return amount === undefined || amount < 0n
      ? { wrong: `${JSON.stringify(value) ?? "nothing"} is no quantity of ${name}` }
      : { value: String(text) };
  },
});
