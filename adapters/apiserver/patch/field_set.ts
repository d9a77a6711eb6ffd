/**
 * A set of paths in an object, as a tree. The steps of a path are those of `FieldsV1`: `f:name` of a field,
 * `k:{"name":"a"}` of an item that has keys, `v:"x"` of an item of a set. Immutable; no child is empty.
 */
export interface FieldSet {
  /** Whether the path that leads here is in the set itself. */
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const noFields: FieldSet = { member: false, children: new Map() };

/** The path that leads here, and none below. */
export const justHere: FieldSet = { member: true, children: new Map() };

export const isEmpty = ({ member, children }: FieldSet): boolean => !member && children.size === 0;

const made = (member: boolean, children: ReadonlyMap<string, FieldSet>): FieldSet =>
  children.size > 0 ? { member, children } : member ? justHere : noFields;

/** With these children; those that are empty are left out. */
export const setOf = (member: boolean, children: Iterable<readonly [string, FieldSet]>): FieldSet => {
  const kept = new Map<string, FieldSet>();
  for (const [step, child] of children) if (!isEmpty(child)) kept.set(step, child);
  return made(member, kept);
};

export const below = (set: FieldSet, step: string): FieldSet => set.children.get(step) ?? noFields;

/** The set of one path. */
export const onePath = (path: readonly string[]): FieldSet =>
  path.reduceRight<FieldSet>((inner, step) => setOf(false, [[step, inner]]), justHere);

/** `a` itself when it has all of `b`. */
export const union = (a: FieldSet, b: FieldSet): FieldSet => {
  if (a === b || isEmpty(b)) return a;
  if (isEmpty(a)) return b;
  let children: Map<string, FieldSet> | undefined;
  for (const [step, child] of b.children) {
    const own = a.children.get(step);
    const both = own === undefined ? child : union(own, child);
    if (both !== own) (children ??= new Map(a.children)).set(step, both);
  }
  if (children === undefined && (a.member || !b.member)) return a;
  return { member: a.member || b.member, children: children ?? a.children };
};

/** The paths of `a` that are not in `b`; `a` itself when none is. A path stays when only one above or below it is in `b`. */
export const difference = (a: FieldSet, b: FieldSet): FieldSet => {
  if (isEmpty(a) || isEmpty(b)) return a;
  let children: Map<string, FieldSet> | undefined;
  for (const step of b.children.keys()) {
    const own = a.children.get(step);
    if (own === undefined) continue;
    const rest = difference(own, below(b, step));
    if (rest === own) continue;
    children ??= new Map(a.children);
    if (isEmpty(rest)) children.delete(step);
    else children.set(step, rest);
  }
  const member = a.member && !b.member;
  return children === undefined && member === a.member ? a : made(member, children ?? a.children);
};

/** The paths of `a` that are not in `b` and have none above them in `b`; `a` itself when that is all of it. */
export const outside = (a: FieldSet, b: FieldSet): FieldSet => {
  if (b.member) return noFields;
  if (isEmpty(a) || isEmpty(b)) return a;
  let children: Map<string, FieldSet> | undefined;
  for (const step of b.children.keys()) {
    const own = a.children.get(step);
    if (own === undefined) continue;
    const rest = outside(own, below(b, step));
    if (rest === own) continue;
    children ??= new Map(a.children);
    if (isEmpty(rest)) children.delete(step);
    else children.set(step, rest);
  }
  return children === undefined ? a : made(a.member, children);
};

export const intersection = (a: FieldSet, b: FieldSet): FieldSet =>
  setOf(
    a.member && b.member,
    [...a.children].map(([step, child]) => [step, intersection(child, below(b, step))] as const),
  );

export const sameSet = (a: FieldSet, b: FieldSet): boolean =>
  a === b ||
  (a.member === b.member && a.children.size === b.children.size &&
    [...a.children].every(([step, child]) => sameSet(child, below(b, step))));

/** Every path of the set: those that end here first, then in the order of steps. */
export const pathsOf = (set: FieldSet, before: readonly string[] = []): readonly (readonly string[])[] => {
  const steps = [...set.children.keys()].sort();
  const here = steps.filter((step) => below(set, step).member).map((step) => [...before, step]);
  return [...here, ...steps.flatMap((step) => pathsOf(below(set, step), [...before, step]))];
};
