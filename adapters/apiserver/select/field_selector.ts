import * as E from "fp-ts/lib/Either.js";

/** One term of a field selector. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/** The terms between commas; a backslash takes the next character as it is. */
const termsOf = (text: string): readonly string[] => {
  const terms: string[] = [];
  let term = "";
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "\\") term += char + text.charAt(++at);
    else if (char !== ",") term += char;
    else {
      terms.push(term);
      term = "";
    }
  }
  return [...terms, term].filter((each) => each !== "");
};

const split = (term: string): readonly [field: string, operator: "=" | "!=", value: string] | undefined => {
  for (let at = 0; at < term.length; at++) {
    const rest = term.slice(at);
    if (rest.startsWith("\\")) at++;
    else {
      const mark = ["!=", "==", "="].find((each) => rest.startsWith(each));
      if (mark !== undefined) {
        return [term.slice(0, at), mark === "!=" ? "!=" : "=", term.slice(at + mark.length)];
      }
    }
  }
  return undefined;
};

const unescaped = (value: string): E.Either<string, string> => {
  let text = "";
  for (let at = 0; at < value.length; at++) {
    const char = value.charAt(at);
    if (char === "," || char === "=") {
      return E.left(`invalid field selector: unescaped character in value: ${char}`);
    }
    if (char === "\\") {
      const next = value.charAt(++at);
      if (next === "" || !"\\,=".includes(next)) {
        return E.left(`invalid field selector: invalid escape sequence: \\${next}`);
      }
      text += next;
    } else text += char;
  }
  return E.right(text);
};

/** The terms of a selector's text, all of which must hold; or what is wrong with it, in the words of the API server. */
export const parseFieldSelector = (text: string): E.Either<string, readonly FieldRequirement[]> => {
  const requirements: FieldRequirement[] = [];
  for (const term of termsOf(text)) {
    const parts = split(term);
    if (parts === undefined) return E.left(`invalid selector: '${text}'; can't understand '${term}'`);
    const [field, operator, raw] = parts;
    const value = unescaped(raw);
    if (E.isLeft(value)) return value;
    // what is left of nothing says nothing
    if (field !== "" || value.right !== "") requirements.push({ field, operator, value: value.right });
  }
  return E.right(requirements);
};
