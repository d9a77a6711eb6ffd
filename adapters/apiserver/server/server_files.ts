import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Authority, makeAuthority, readAuthority } from "./pki.ts";

/** What a server keeps secret and wants to have again when it is started a second time. */
export interface ServerKeys {
  readonly authority: Authority;
  /** Of service account tokens: 32 bytes in hexadecimal. */
  readonly tokenKey: string;
  /** The administrator's bearer token. */
  readonly adminToken: string;
}

const caName = "virtual-kubelet-ca";

const newSecret = (): string => randomBytes(32).toString("hex");

/** New keys, that nobody keeps. */
export const makeKeys = async (): Promise<ServerKeys> => ({
  authority: await makeAuthority(caName),
  tokenKey: newSecret(),
  adminToken: newSecret(),
});

const isMissing = (error: unknown): boolean => (error as { readonly code?: string }).code === "ENOENT";

/** Writes a file that only its owner may read, also when it was there before with other rights. */
export const writeSecret = async (path: string, text: string): Promise<void> => {
  await writeFile(path, text, { mode: 0o600 });
  await chmod(path, 0o600);
};

const readOrMake = async (path: string, make: () => string): Promise<string> => {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if (!isMissing(error)) throw error;
    const made = make();
    await writeSecret(path, `${made}\n`);
    return made;
  }
};

const authorityIn = async (folder: string): Promise<Authority> => {
  const paths = { cert: join(folder, "ca.crt"), key: join(folder, "ca.key") };
  try {
    const [cert, key] = await Promise.all([readFile(paths.cert, "utf8"), readFile(paths.key, "utf8")]);
    return await readAuthority({ cert, key });
  } catch (error) {
    if (!isMissing(error)) {
      throw new Error(`${folder} holds no usable CA: remove it to begin with a new one`, { cause: error });
    }
    const made = await makeAuthority(caName);
    await writeSecret(paths.cert, made.cert);
    await writeSecret(paths.key, made.key);
    return made;
  }
};

/** The keys in a folder, which is made with new ones when it is not there. Nobody else may read it (0700). */
export const keysIn = async (folder: string): Promise<ServerKeys> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    authority: await authorityIn(folder),
    tokenKey: await readOrMake(join(folder, "sa.key"), newSecret),
    adminToken: await readOrMake(join(folder, "admin.token"), newSecret),
  };
};
