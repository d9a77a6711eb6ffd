/** One step after another on a state, and everything that they tell. */
export const chain = <S, A>(
  from: S,
  steps: readonly ((state: S) => readonly [S, readonly A[]])[],
): readonly [S, readonly A[]] => {
  const events: A[] = [];
  let state = from;
  for (const step of steps) {
    const [next, more] = step(state);
    state = next;
    for (const event of more) events.push(event);
  }
  return [state, events];
};
