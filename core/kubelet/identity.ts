/** Who calls: `authentication.k8s.io/v1 UserInfo`. */
export interface Identity {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Whoever shows no credentials, where that is allowed. */
export const anonymous: Identity = { username: "system:anonymous", groups: ["system:unauthenticated"] };

const authenticated = "system:authenticated";

/** The same identity in the group of all that are authenticated, as every Kubernetes server adds it. */
export const asAuthenticated = (identity: Identity): Identity =>
  identity.groups.includes(authenticated)
    ? identity
    : { ...identity, groups: [...identity.groups, authenticated] };

type NameField = string | readonly string[] | undefined;

const values = (field: NameField): readonly string[] =>
  field === undefined ? [] : typeof field === "string" ? [field] : field;

/**
 * Who a *verified* client certificate is for, by its subject: CN is the user, each O is a group (Kubernetes docs,
 * "X509 client certificates"). Without exactly one CN it is nobody's.
 */
export const identityOfSubject = (
  subject: { readonly CN?: NameField; readonly O?: NameField },
): Identity | undefined => {
  const [username, ...others] = values(subject.CN);
  if (username === undefined || username === "" || others.length > 0) return undefined;
  return { username, groups: values(subject.O) };
};

/** The token of an `Authorization: Bearer …` header. */
export const bearerToken = (authorization: string | null | undefined): string | undefined =>
  /^\s*bearer +([^\s]+)\s*$/i.exec(authorization ?? "")?.[1];
