/** A part of a text: as it is, or `$(name)`, written as `raw`. */
type Part = string | { readonly name: string; readonly raw: string };

/** A name is everything up to the next `)`; `$$` is a `$`, and any other `$` stays. */
const partsOf = (text: string): readonly Part[] => {
  const parts: Part[] = [];
  let at = 0;
  let closes = true;
  for (;;) {
    const dollar = text.indexOf("$", at);
    if (dollar === -1) break;
    if (dollar > at) parts.push(text.slice(at, dollar));
    const next = text[dollar + 1];
    // Once there is no `)` ahead there never will be: without this, a text of many `$(` would cost its square.
    const close = next === "(" && closes ? text.indexOf(")", dollar + 2) : -1;
    if (next === "(" && close === -1) closes = false;
    if (close !== -1) {
      parts.push({ name: text.slice(dollar + 2, close), raw: text.slice(dollar, close + 1) });
      at = close + 1;
    } else {
      parts.push("$");
      at = next === "$" ? dollar + 2 : dollar + 1;
    }
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
};

/**
 * Kubernetes' `$(VAR)` expansion (API reference, `EnvVar.value`, `Container.command`): `$(NAME)` becomes the pieces that
 * `lookup` gives, or stays as it is when that is `undefined`; `$$` becomes `$`; any other `$` stays. One pass: results are
 * not expanded again. `undefined`: the result would be longer than `limit`, by `lengthOf` its pieces.
 */
export const expandPieces = <Piece>(
  text: string,
  lookup: (name: string) => readonly (Piece | string)[] | undefined,
  lengthOf: (piece: Piece | string) => number,
  limit: number,
): readonly (Piece | string)[] | undefined => {
  const out: (Piece | string)[] = [];
  let length = 0;
  for (const part of partsOf(text)) {
    const pieces = typeof part === "string" ? [part] : lookup(part.name) ?? [part.raw];
    for (const piece of pieces) {
      length += lengthOf(piece);
      if (length > limit) return undefined;
      out.push(piece);
    }
  }
  return out;
};

/** {@link expandPieces} of texts alone, joined. */
export const expandWithin = (
  text: string,
  lookup: (name: string) => string | undefined,
  limit: number,
): string | undefined => {
  const pieces = expandPieces<string>(
    text,
    (name) => {
      const value = lookup(name);
      return value === undefined ? undefined : [value];
    },
    (piece) => piece.length,
    limit,
  );
  return pieces?.join("");
};

/** {@link expandWithin} without a limit: for values that were checked before. */
export const expand = (text: string, lookup: (name: string) => string | undefined): string =>
  expandWithin(text, lookup, Infinity) ?? text;
