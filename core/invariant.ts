/** The only `throw` of the core: a broken promise of our own code, never a bad input. */
export function invariant(condition: boolean, why: string): asserts condition {
  if (!condition) {
    throw new Error(`virtual-kubelet: invariant broken (this is a bug, please report it): ${why}`);
  }
}
