/** A piece of a label selector: a mark or keyword of its syntax, a word, or the end. */
export interface Token {
  readonly kind: "word" | "end" | "!" | "=" | "==" | "!=" | ">" | "<" | "(" | ")" | "," | "in" | "notin";
  readonly text: string;
}

const marks: ReadonlySet<string> = new Set(["!", "=", "==", "!=", ">", "<", "(", ")", ","]);

const isSpace = (char: string): boolean => char === " " || char === "\t" || char === "\r" || char === "\n";

const isMark = (char: string): boolean => marks.has(char);

/** Every text has tokens; the last one is the end. */
export const labelTokens = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (isSpace(char)) at++;
    else if (isMark(char)) {
      const two = text.slice(at, at + 2);
      const mark = two.length === 2 && marks.has(two) ? two : char;
      tokens.push({ kind: mark as Token["kind"], text: mark });
      at += mark.length;
    } else {
      const from = at;
      while (at < text.length && !isSpace(text.charAt(at)) && !isMark(text.charAt(at))) at++;
      const word = text.slice(from, at);
      tokens.push({ kind: word === "in" || word === "notin" ? word : "word", text: word });
    }
  }
  tokens.push({ kind: "end", text: "" });
  return tokens;
};
