// JSON.parse keeps the last of fields with one name and says nothing. To see them the text is read again, by its tokens.

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

const quote = 0x22;

/** As JSON has it. */
const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** An object or a list that is open, and where in it the reader is. */
interface Level {
  readonly path: string;
  /** Of an object. */
  readonly seen?: Set<string>;
  at: string | number;
  expectsName: boolean;
}

/** At least as many as there are names of fields; exactly as many unless a text has a quoted text in it. */
export const countOfNames = (text: string): number => {
  let count = 0;
  for (let colon = text.indexOf(":"); colon >= 0; colon = text.indexOf(":", colon + 1)) {
    let at = colon - 1;
    while (at >= 0 && isSpace(text.charCodeAt(at))) at--;
    if (text.charCodeAt(at) === quote) count++;
  }
  return count;
};

const pathIn = ({ path, at }: Level): string =>
  typeof at === "number" ? `${path}[${at}]` : path === "" ? at : `${path}.${at}`;

const nameOf = (token: string): string => {
  try {
    return JSON.parse(token);
  } catch {
    return token;
  }
};

/** Paths of the fields that valid JSON has more than once, each told once: `data.x`, `spec.containers[0].name`. */
export const duplicateFields = (text: string): readonly string[] => {
  const levels: Level[] = [];
  const found = new Set<string>();
  for (const [token] of text.matchAll(tokens)) {
    const level = levels.at(-1);
    if (token === "{" || token === "[") {
      const path = level === undefined ? "" : pathIn(level);
      levels.push(
        token === "{"
          ? { path, seen: new Set(), at: "", expectsName: true }
          : { path, at: 0, expectsName: false },
      );
    } else if (token === "}" || token === "]") levels.pop();
    else if (level === undefined) continue;
    else if (token === ",") {
      if (typeof level.at === "number") level.at++;
      else level.expectsName = true;
    } else if (level.expectsName && token !== ":") {
      const name = nameOf(token);
      level.at = name;
      level.expectsName = false;
      if (level.seen?.has(name)) found.add(pathIn(level));
      level.seen?.add(name);
    }
  }
  return [...found];
};
