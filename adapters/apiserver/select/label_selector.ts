import * as E from "fp-ts/lib/Either.js";
import { labelValue, qualifiedName } from "../kinds/name_rules.ts";
import { labelTokens, type Token } from "./label_tokens.ts";

/** One term of a label selector. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: "in" | "notin" | "exists" | "absent" | "gt" | "lt";
  /** None for `exists` and `absent`, one for `gt` and `lt`. */
  readonly values: readonly string[];
}

/** The tokens that are left, and whatever a rule of the grammar has made; or what is wrong. */
type Read<A> = E.Either<string, readonly [A, rest: readonly Token[]]>;

const end: Token = { kind: "end", text: "" };

const head = (tokens: readonly Token[]): Token => tokens[0] ?? end;

/** Where a value is expected, keywords are words. */
const isWord = ({ kind }: Token): boolean => kind === "word" || kind === "in" || kind === "notin";

const invalid = (where: string, value: string, why: string): string =>
  `${where}: Invalid value: ${JSON.stringify(value)}: ${why}`;

const readKey = (tokens: readonly Token[]): Read<string> => {
  const token = head(tokens);
  if (!isWord(token)) return E.left(`found '${token.text}', expected: identifier`);
  const faults = qualifiedName(token.text);
  return faults.length > 0
    ? E.left(invalid("<nil>", token.text, faults.join("; ")))
    : E.right([token.text, tokens.slice(1)]);
};

const operators: Readonly<Record<string, LabelRequirement["operator"]>> = {
  in: "in",
  notin: "notin",
  "=": "in",
  "==": "in",
  "!=": "notin",
  ">": "gt",
  "<": "lt",
};

/** One value after a mark; nothing stands for the empty one. */
const readValue = (tokens: readonly Token[]): Read<readonly string[]> => {
  const token = head(tokens);
  if (token.kind === "end" || token.kind === ",") return E.right([[""], tokens]);
  return isWord(token)
    ? E.right([[token.text], tokens.slice(1)])
    : E.left(`found '${token.text}', expected: identifier`);
};

/** `(a,b)`; what is missing between commas and parentheses is the empty value. */
const readValues = (tokens: readonly Token[]): Read<readonly string[]> => {
  const open = head(tokens);
  if (open.kind !== "(") return E.left(`found '${open.text}' expected: '('`);
  const values = new Set<string>();
  let rest = tokens.slice(1);
  for (;;) {
    const token = head(rest);
    if (isWord(token)) rest = rest.slice(1);
    else if (token.kind !== "," && token.kind !== ")") {
      return E.left(`found '${token.text}', expected: ',', ')' or identifier`);
    }
    values.add(isWord(token) ? token.text : "");
    const next = head(rest);
    if (next.kind === ")") return E.right([[...values].sort(), rest.slice(1)]);
    if (next.kind !== ",") return E.left(`found '${next.text}', expected: ',' or ')'`);
    rest = rest.slice(1);
  }
};

const faultOf = ({ key, operator, values }: LabelRequirement): string | undefined => {
  const isNumber = operator === "gt" || operator === "lt";
  for (const [at, value] of values.entries()) {
    if (isNumber && !/^[-+]?\d+$/.test(value)) {
      return invalid(`values[${at}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer");
    }
    const faults = labelValue(value);
    if (faults.length > 0) return invalid(`values[${at}][${key}]`, value, faults.join("; "));
  }
  return undefined;
};

const readRequirement = (tokens: readonly Token[]): Read<LabelRequirement> => {
  const isAbsent = head(tokens).kind === "!";
  const read = readKey(isAbsent ? tokens.slice(1) : tokens);
  if (E.isLeft(read)) return read;
  const [key, afterKey] = read.right;
  if (isAbsent) return E.right([{ key, operator: "absent", values: [] }, afterKey]);
  const mark = head(afterKey);
  if (mark.kind === "end" || mark.kind === ",") {
    return E.right([{ key, operator: "exists", values: [] }, afterKey]);
  }
  const operator = operators[mark.kind];
  if (operator === undefined) return E.left(`found '${mark.text}', expected: in, notin, =, ==, !=, gt, lt`);
  const isSet = mark.kind === "in" || mark.kind === "notin";
  const readAll = isSet ? readValues(afterKey.slice(1)) : readValue(afterKey.slice(1));
  if (E.isLeft(readAll)) return readAll;
  const [values, rest] = readAll.right;
  const requirement: LabelRequirement = { key, operator, values };
  const fault = faultOf(requirement);
  return fault === undefined ? E.right([requirement, rest]) : E.left(fault);
};

/** The terms of a selector's text, all of which must hold; or what is wrong with it, in the words of the API server. */
export const parseLabelSelector = (text: string): E.Either<string, readonly LabelRequirement[]> => {
  const requirements: LabelRequirement[] = [];
  let tokens = labelTokens(text);
  while (head(tokens).kind !== "end") {
    const first = head(tokens);
    if (!isWord(first) && first.kind !== "!") {
      const expected = requirements.length > 0 ? "identifier after ','" : "!, identifier, or 'end of string'";
      return E.left(`found '${first.text}', expected: ${expected}`);
    }
    const read = readRequirement(tokens);
    if (E.isLeft(read)) return E.left(`unable to parse requirement: ${read.left}`);
    requirements.push(read.right[0]);
    tokens = read.right[1];
    const next = head(tokens);
    if (next.kind === "end") break;
    if (next.kind !== ",") return E.left(`found '${next.text}', expected: ',' or 'end of string'`);
    tokens = tokens.slice(1);
    if (head(tokens).kind === "end") return E.left(`found '', expected: identifier after ','`);
  }
  return E.right(requirements);
};

const compares = (value: string, than: string, isGreater: boolean): boolean => {
  if (!/^[-+]?\d+$/.test(value)) return false;
  const left = BigInt(value.replace(/^\+/, "")), right = BigInt(than.replace(/^\+/, ""));
  return isGreater ? left > right : left < right;
};

const holds = (
  { key, operator, values }: LabelRequirement,
  labels: Readonly<Record<string, string>>,
): boolean => {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "in":
      return value !== undefined && values.includes(value);
    case "notin":
      return value === undefined || !values.includes(value);
    case "exists":
      return value !== undefined;
    case "absent":
      return value === undefined;
    case "gt":
    case "lt":
      return value !== undefined && compares(value, values[0] ?? "", operator === "gt");
  }
};

export const selectsLabels = (
  requirements: readonly LabelRequirement[],
  labels: Readonly<Record<string, string>> = {},
): boolean => requirements.every((requirement) => holds(requirement, labels));
