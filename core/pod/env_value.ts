import { withHidden } from "../hidden.ts";
import type { LateField } from "./field_ref.ts";
import type { EnvPiece, EnvValue } from "./intent.ts";

/** A value on its way: its pieces, and whether a Secret is in them. */
export interface EnvText {
  readonly pieces: readonly EnvPiece[];
  readonly secret: boolean;
}

export const plainText = (text: string): EnvText => ({ pieces: [text], secret: false });

/** No address is longer; of dual-stack pods there are two, with a comma. */
const maxAddress = 91;

export const pieceLength = (piece: EnvPiece): number => typeof piece === "string" ? piece.length : maxAddress;

export const textLength = ({ pieces }: EnvText): number =>
  pieces.reduce((length, piece) => length + pieceLength(piece), 0);

const isText = (piece: EnvPiece): piece is string => typeof piece === "string";

/** The variable with this value; what is secret of it is hidden. */
export const envValue = (name: string, { pieces, secret }: EnvText): EnvValue => {
  if (!pieces.every(isText)) {
    return secret ? withHidden({ name, value: "" }, "pieces", pieces) : { name, value: "", pieces };
  }
  const value = pieces.join("");
  return secret ? withHidden({ name }, "value", value) : { name, value };
};

/** Addresses of a pod, as its back end knows them. */
export interface Addresses {
  readonly podIPs: readonly string[];
  readonly hostIPs: readonly string[];
}

/** The text of a late field; `undefined`: the address is not known. */
export const lateText = (field: LateField, { podIPs, hostIPs }: Addresses): string | undefined => {
  switch (field) {
    case "status.podIP":
      return podIPs[0];
    case "status.podIPs":
      return podIPs.length === 0 ? undefined : podIPs.join(",");
    case "status.hostIP":
      return hostIPs[0];
    case "status.hostIPs":
      return hostIPs.length === 0 ? undefined : hostIPs.join(",");
  }
};

/**
 * A container's environment with the addresses put in, for back ends that `binds` late fields: to be called once the pod
 * has its addresses, before the container starts. An address that is not known is an empty text.
 */
export const bindEnv = (env: readonly EnvValue[], addresses: Addresses): readonly EnvValue[] =>
  env.map((variable) => {
    const { name, pieces } = variable;
    if (pieces === undefined) return variable;
    const bound = pieces.map((piece) => isText(piece) ? piece : lateText(piece.field, addresses) ?? "");
    return envValue(name, { pieces: bound, secret: !Object.keys(variable).includes("pieces") });
  });
