// deno-lint-ignore no-explicit-any
export type Body = any;

/** An object that somebody wants to create, and what it is for. */
export interface Row {
  readonly kind: string;
  readonly why: string;
  /** `/api/v1`, `/apis/rbac.authorization.k8s.io/v1`. */
  readonly base: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly body: Body;
}

/** Rows of a kind, each of which is told by why it is there. */
export const rowsOf = (
  kind: string,
  place: Pick<Row, "base" | "plural" | "namespaced">,
  bodies: Readonly<Record<string, Body>>,
): readonly Row[] => Object.entries(bodies).map(([why, body]) => ({ kind, why, ...place, body }));

/** An object named `a1` with these fields. */
export const named = (fields: Body = {}): Body => ({ metadata: { name: "a1" }, ...fields });
