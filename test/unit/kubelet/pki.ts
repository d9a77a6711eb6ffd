import { generate } from "selfsigned";

/** A certificate and its key, in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

const days = (count: number): Date => new Date(Date.now() + count * 86_400_000);
const valid = { keyType: "ec", algorithm: "sha256", notBeforeDate: days(-2) } as const;

/** A new certificate authority. */
export const newCa = async (name: string): Promise<Pair> => {
  const made = await generate([{ name: "commonName", value: name }], {
    ...valid,
    notAfterDate: days(2),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { cert: made.cert, key: made.private };
};

/** A certificate of that authority for a client, or (`usage`) not for one. */
export const newClient = async (
  ca: Pair,
  name: string,
  groups: readonly string[],
  options: { readonly usage?: "clientAuth" | "serverAuth"; readonly expired?: boolean } = {},
): Promise<Pair> => {
  const attributes = [
    { name: "commonName", value: name },
    ...groups.map((value) => ({ name: "organizationName", value })),
  ];
  const { usage = "clientAuth", expired = false } = options;
  const made = await generate(attributes, {
    ...valid,
    notAfterDate: days(expired ? -1 : 2),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", [usage]: true },
    ],
    ca,
  });
  return { cert: made.cert, key: made.private };
};
