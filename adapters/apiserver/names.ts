import { hashText } from "../../core/hash.ts";
import type { ServerState } from "./state.ts";

/** The next state, and 16 hexadecimal digits that follow from the seed and from how much was drawn before. */
const draw = (state: ServerState, purpose: string): readonly [ServerState, string] => [
  { ...state, drawn: state.drawn + 1 },
  hashText(`${purpose} ${state.drawn} ${state.settings.seed}`),
];

/** A version 4 UUID, like `metadata.uid` of every object. Unique within a server and not secret. */
export const drawUid = (state: ServerState): readonly [ServerState, string] => {
  const [next, left] = draw(state, "uid");
  const right = hashText(`${left} ${state.drawn}`);
  const variant = "89ab".charAt(parseInt(right.charAt(0), 16) % 4);
  const parts = [left.slice(0, 8), left.slice(8, 12), `4${left.slice(13)}`, `${variant}${right.slice(1, 4)}`];
  return [next, `${parts.join("-")}-${right.slice(4)}`];
};

/** No vowels and no digits that look like letters: a suffix spells nothing. */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

/** What is put behind `metadata.generateName`: five characters of Kubernetes' own alphabet. */
export const drawSuffix = (state: ServerState): readonly [ServerState, string] => {
  const [next, digits] = draw(state, "suffix");
  // 48 bits are far more than 27^5, so that no character is much likelier than another
  let rest = parseInt(digits.slice(0, 6), 16) * 0x1000000 + parseInt(digits.slice(6, 12), 16);
  let suffix = "";
  for (let at = 0; at < 5; at++) {
    suffix += alphabet.charAt(rest % alphabet.length);
    rest = Math.floor(rest / alphabet.length);
  }
  return [next, suffix];
};

/** Longer bases are cut, so that name and suffix are no longer than 63 characters. */
export const withSuffix = (base: string, suffix: string): string => `${base.slice(0, 58)}${suffix}`;
