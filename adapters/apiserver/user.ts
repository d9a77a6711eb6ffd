/** Who asks: `UserInfo` of `authentication.k8s.io`. */
export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Nobody: a request without credentials. */
export const anonymous: User = { name: "system:anonymous", groups: ["system:unauthenticated"] };

/** The server's own hands (its controllers). */
export const serverItself: User = {
  name: "system:apiserver",
  groups: ["system:masters", "system:authenticated"],
};
