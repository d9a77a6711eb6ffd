// @peculiar/x509 does not begin without it
import "reflect-metadata";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralName,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { Millis } from "../../../core/time.ts";

/** A certificate and its private key, in PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate is given to. */
export interface Subject {
  /** User or server. */
  readonly commonName: string;
  /** Groups. */
  readonly organizations?: readonly string[];
}

/** A certificate authority: what this server's certificates, and those of its users and nodes, are signed with. */
export interface Authority extends KeyPair {
  /** A new key with a certificate for clients. */
  client(subject: Subject): Promise<KeyPair>;
  /** A new key with a certificate for a server of these host names and IP addresses. */
  serving(subject: Subject, hosts: readonly string[]): Promise<KeyPair>;
  /** A certificate for what a PKCS#10 request (PEM) asks for, with these usages, in PEM. Rejects a request that is none. */
  sign(request: string, usages: readonly string[], lifeMs: Millis): Promise<string>;
}

const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const hour = 3_600_000;
const backdateMs = 300_000;
const yearMs = 365 * 24 * hour;
const authorityMs = 10 * yearMs;

const newKeys = async (): Promise<CryptoKeyPair> =>
  await crypto.subtle.generateKey(ecdsa, true, ["sign", "verify"]) as CryptoKeyPair;

const keyPem = async (key: CryptoKey): Promise<string> =>
  `${PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;

const certPem = (certificate: X509Certificate): string => `${certificate.toString("pem")}\n`;

const nameOf = ({ commonName, organizations = [] }: Subject): JsonName => [
  ...organizations.map((organization) => ({ O: [organization] })),
  { CN: [commonName] },
];

const isAddress = (host: string): boolean => /^[\d.]+$/.test(host) || host.includes(":");

const altNames = (hosts: readonly string[]): SubjectAlternativeNameExtension =>
  new SubjectAlternativeNameExtension(
    hosts.map((host): JsonGeneralName => ({ type: isAddress(host) ? "ip" : "dns", value: host })),
  );

const subjectAltName = "2.5.29.17";

const purposes: Readonly<Record<string, string>> = {
  "server auth": "1.3.6.1.5.5.7.3.1",
  "client auth": "1.3.6.1.5.5.7.3.2",
};

const flags: Readonly<Record<string, KeyUsageFlags>> = {
  "digital signature": KeyUsageFlags.digitalSignature,
  "key encipherment": KeyUsageFlags.keyEncipherment,
};

const usageExtensions = (usages: readonly string[]): Extension[] => {
  const extended = usages.flatMap((usage) => purposes[usage] ?? []);
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(usages.reduce((sum, usage) => sum | (flags[usage] ?? 0), 0), true),
    ...(extended.length === 0 ? [] : [new ExtendedKeyUsageExtension(extended)]),
  ];
};

const serialNumber = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  // positive, and no shorter than it says
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** As the real signer dates: those that live long end a little earlier, because they begin earlier. */
const datesOf = (wall: Millis, lifeMs: Millis, last: Millis): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(wall - backdateMs),
  notAfter: new Date(Math.min(last, wall + (lifeMs < 8 * hour ? lifeMs : lifeMs - backdateMs))),
});

const authorityOf = (
  pair: KeyPair,
  certificate: X509Certificate,
  signingKey: CryptoKey,
  wall: () => Millis,
): Authority => {
  const issue = async (
    subject: string | JsonName,
    publicKey: CryptoKey | Pkcs10CertificateRequest["publicKey"],
    extensions: Extension[],
    lifeMs: Millis,
  ): Promise<X509Certificate> =>
    await X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject,
      issuer: certificate.subject,
      ...datesOf(wall(), lifeMs, certificate.notAfter.getTime()),
      publicKey,
      signingKey,
      signingAlgorithm: ecdsa,
      extensions: [...extensions, await AuthorityKeyIdentifierExtension.create(certificate)],
    });
  const give = async (subject: Subject, extensions: Extension[]): Promise<KeyPair> => {
    const keys = await newKeys();
    const made = await issue(nameOf(subject), keys.publicKey, extensions, yearMs);
    return { cert: certPem(made), key: await keyPem(keys.privateKey) };
  };
  return {
    ...pair,
    client: (subject) => give(subject, usageExtensions(["digital signature", "client auth"])),
    serving: (subject, hosts) =>
      give(subject, [...usageExtensions(["digital signature", "server auth"]), altNames(hosts)]),
    sign: async (text, usages, lifeMs) => {
      const request = new Pkcs10CertificateRequest(text);
      if (!await request.verify()) throw new Error("the request is not signed with its own key");
      const names = request.extensions.filter((extension) => extension.type === subjectAltName);
      const extensions = [...usageExtensions(usages), ...names];
      return certPem(await issue(request.subject, request.publicKey, extensions, lifeMs));
    },
  };
};

/** A new authority, for ten years (ECDSA P-256). */
export const makeAuthority = async (
  commonName: string,
  wall: () => Millis = Date.now,
): Promise<Authority> => {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: nameOf({ commonName }),
    notBefore: new Date(wall() - backdateMs),
    notAfter: new Date(wall() + authorityMs),
    keys,
    signingAlgorithm: ecdsa,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const pair = { cert: certPem(certificate), key: await keyPem(keys.privateKey) };
  return authorityOf(pair, certificate, keys.privateKey, wall);
};

/** An authority that was made before. Rejects when the texts are no certificate and key of P-256. */
export const readAuthority = async (pair: KeyPair, wall: () => Millis = Date.now): Promise<Authority> => {
  const der = PemConverter.decodeFirst(pair.key);
  const key = await crypto.subtle.importKey("pkcs8", der, ecdsa, true, ["sign"]);
  return authorityOf(pair, new X509Certificate(pair.cert), key, wall);
};
