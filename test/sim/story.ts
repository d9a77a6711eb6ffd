import type { Millis } from "../../core/time.ts";

/** Who did what, when: the last lines of it are shown when a seed fails. */
export interface Story {
  /** A text that takes work is made when somebody reads it. */
  tell(who: string, what: string | (() => string)): void;
  readonly lines: readonly string[];
}

interface Line {
  readonly at: Millis;
  readonly who: string;
  readonly what: string | (() => string);
}

/** Lines that are kept; the oldest go first. */
const mostLines = 50_000;

const clockText = (ms: Millis): string => {
  const [minutes, rest] = [Math.floor(ms / 60_000), ms % 60_000];
  return `${minutes}:${(rest / 1000).toFixed(3).padStart(6, "0")}`;
};

const textOf = ({ at, who, what }: Line): string =>
  `${clockText(at).padStart(11)}  ${who.padEnd(8)} ${typeof what === "string" ? what : what()}`;

export const makeStory = (now: () => Millis): Story => {
  const lines: Line[] = [];
  return {
    get lines() {
      return lines.map(textOf);
    },
    tell: (who, what) => {
      if (lines.length >= mostLines) lines.splice(0, mostLines / 2);
      lines.push({ at: now(), who, what });
    },
  };
};
