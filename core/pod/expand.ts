/**
 * Kubernetes' `$(VAR)` expansion (API reference, `EnvVar.value`, `Container.command`): `$(NAME)` becomes what `lookup`
 * gives, or stays as it is when that is `undefined`; `$$` becomes `$`; any other `$` stays. One pass: results are not
 * expanded again. A name is everything up to the next `)`. `undefined`: the result would be longer than `limit`.
 */
export const expandWithin = (
  text: string,
  lookup: (name: string) => string | undefined,
  limit: number,
): string | undefined => {
  let out = "";
  let at = 0;
  let closes = true;
  while (out.length <= limit) {
    const dollar = text.indexOf("$", at);
    if (dollar === -1) {
      out += text.slice(at);
      break;
    }
    out += text.slice(at, dollar);
    const next = text[dollar + 1];
    // Once there is no `)` ahead there never will be: without this, a text of many `$(` would cost its square.
    const close = next === "(" && closes ? text.indexOf(")", dollar + 2) : -1;
    if (next === "(" && close === -1) closes = false;
    if (close !== -1) {
      out += lookup(text.slice(dollar + 2, close)) ?? text.slice(dollar, close + 1);
      at = close + 1;
    } else {
      out += "$";
      at = next === "$" ? dollar + 2 : dollar + 1;
    }
  }
  return out.length <= limit ? out : undefined;
};

/** {@link expandWithin} without a limit: for values that were checked before. */
export const expand = (text: string, lookup: (name: string) => string | undefined): string =>
  expandWithin(text, lookup, Infinity) ?? text;
