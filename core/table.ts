import { hash32 } from "./hash.ts";

/**
 * A persistent map from text to values (a hash array mapped trie): an update copies a path of a few small arrays, never
 * the table, so that the cost of an event does not grow with the number of pods. Order of iteration is by hash: the
 * same keys give the same order on every runtime.
 */
export interface Table<V> {
  readonly size: number;
  /** @ignore */
  readonly root: Trie<V> | undefined;
}

type Trie<V> = Leaf<V> | Branch<V>;

interface Leaf<V> {
  readonly _tag: "Leaf";
  readonly hash: number;
  readonly key: string;
  readonly value: V;
  /** Another pair, whose key has the same 32-bit hash. */
  readonly next: Leaf<V> | undefined;
}

interface Branch<V> {
  readonly _tag: "Branch";
  /** Which of the 32 slots are taken; `children` holds those, in order. */
  readonly slots: number;
  readonly children: readonly Trie<V>[];
}

const bitsPerLevel = 5;

export const emptyTable: Table<never> = { size: 0, root: undefined };

/** As a signed number: those are small integers, which need no memory of their own. */
const hashOf = (key: string): number => hash32(key) | 0;

const slotOf = (hash: number, depth: number): number => 1 << ((hash >>> (depth * bitsPerLevel)) & 31);

const popCount = (bits: number): number => {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

const indexOf = (slots: number, slot: number): number => popCount(slots & (slot - 1));

const leafOf = <V>(hash: number, key: string, value: V, next: Leaf<V> | undefined): Leaf<V> => ({
  _tag: "Leaf",
  hash,
  key,
  value,
  next,
});

const find = <V>(root: Trie<V> | undefined, hash: number, key: string): Leaf<V> | undefined => {
  let node = root;
  for (let depth = 0; node !== undefined && node._tag === "Branch"; depth++) {
    const slot = slotOf(hash, depth);
    node = (node.slots & slot) === 0 ? undefined : node.children[indexOf(node.slots, slot)];
  }
  let leaf = node?.hash === hash ? node : undefined;
  while (leaf !== undefined && leaf.key !== key) leaf = leaf.next;
  return leaf;
};

/** The value under a key, or `undefined`. */
export const lookup = <V>(table: Table<V>, key: string): V | undefined =>
  find(table.root, hashOf(key), key)?.value;

const without = <V>(leaf: Leaf<V> | undefined, key: string): Leaf<V> | undefined =>
  leaf === undefined || leaf.key === key
    ? leaf?.next
    : leafOf(leaf.hash, leaf.key, leaf.value, without(leaf.next, key));

const split = <V>(a: Leaf<V>, b: Leaf<V>, depth: number): Trie<V> => {
  const aSlot = slotOf(a.hash, depth);
  const bSlot = slotOf(b.hash, depth);
  if (aSlot === bSlot) return { _tag: "Branch", slots: aSlot, children: [split(a, b, depth + 1)] };
  // unsigned: slot 31 is the sign bit
  return { _tag: "Branch", slots: aSlot | bSlot, children: aSlot >>> 0 < bSlot >>> 0 ? [a, b] : [b, a] };
};

const insert = <V>(node: Trie<V>, hash: number, key: string, value: V, depth: number): Trie<V> => {
  if (node._tag === "Leaf") {
    // of equal texts the known one: the other need not be kept
    return node.hash === hash
      ? leafOf(hash, node.key === key ? node.key : key, value, without(node, key))
      : split(node, leafOf(hash, key, value, undefined), depth);
  }
  const slot = slotOf(hash, depth);
  const index = indexOf(node.slots, slot);
  const child = node.children[index];
  if ((node.slots & slot) === 0 || child === undefined) {
    const children = node.children.toSpliced(index, 0, leafOf(hash, key, value, undefined));
    return { _tag: "Branch", slots: node.slots | slot, children };
  }
  const children = node.children.slice();
  children[index] = insert(child, hash, key, value, depth + 1);
  return { _tag: "Branch", slots: node.slots, children };
};

/** The table with `value` under `key`. */
export const insertAt = <V>(table: Table<V>, key: string, value: V): Table<V> => {
  const hash = hashOf(key);
  if (table.root === undefined) return { size: 1, root: leafOf(hash, key, value, undefined) };
  const isNew = find(table.root, hash, key) === undefined;
  return { size: table.size + (isNew ? 1 : 0), root: insert(table.root, hash, key, value, 0) };
};

const remove = <V>(node: Trie<V>, hash: number, key: string, depth: number): Trie<V> | undefined => {
  if (node._tag === "Leaf") return without(node, key);
  const slot = slotOf(hash, depth);
  const index = indexOf(node.slots, slot);
  const child = node.children[index];
  if (child === undefined) return node;
  const rest = remove(child, hash, key, depth + 1);
  const children = node.children.slice();
  if (rest !== undefined) {
    children[index] = rest;
    return { _tag: "Branch", slots: node.slots, children };
  }
  children.splice(index, 1);
  const only = children[0];
  if (only === undefined) return undefined;
  if (children.length === 1 && only._tag === "Leaf") return only;
  return { _tag: "Branch", slots: node.slots & ~slot, children };
};

/** The table without `key`. */
export const removeAt = <V>(table: Table<V>, key: string): Table<V> => {
  const hash = hashOf(key);
  if (table.root === undefined || find(table.root, hash, key) === undefined) return table;
  return { size: table.size - 1, root: remove(table.root, hash, key, 0) };
};

/** Calls back for every pair. */
export const forEachEntry = <V>(table: Table<V>, visit: (key: string, value: V) => void): void => {
  const walk = (node: Trie<V>): void => {
    if (node._tag === "Branch") node.children.forEach(walk);
    else {for (let leaf: Leaf<V> | undefined = node; leaf !== undefined; leaf = leaf.next) {
        visit(leaf.key, leaf.value);
      }}
  };
  if (table.root !== undefined) walk(table.root);
};

/** All values. */
export const valuesOf = <V>(table: Table<V>): readonly V[] => {
  const values: V[] = [];
  forEachEntry(table, (_key, value) => values.push(value));
  return values;
};
