import type { Edit, Node } from "./syntax.ts";

/** Where a node stands: the text of its module, and what is around it. */
export interface Place {
  readonly text: string;
  readonly around: readonly Node[];
}

const replaced = ({ start, end }: Node, text: string): Edit => ({ start, end, text });

const textOf = ({ text }: Place, { start, end }: Node): string => text.slice(start, end);

const inParens = (place: Place, node: Node): string => `(${textOf(place, node)})`;

/** Each operator with those that take its place. */
const operators: Readonly<Record<string, readonly string[]>> = {
  "===": ["!=="],
  "!==": ["==="],
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
  "&": ["|"],
  "|": ["&"],
  "^": ["&"],
  "<<": [">>"],
  ">>": ["<<"],
  ">>>": ["<<"],
};

const assignments: Readonly<Record<string, string>> = {
  "+=": "-=",
  "-=": "+=",
  "*=": "/=",
  "/=": "*=",
  "%=": "*=",
  "^=": "&=",
  "??=": "=",
  "||=": "=",
  "&&=": "=",
};

/** Methods with one that answers nearly alike. */
const methods: ReadonlyMap<string, string> = new Map([
  ["some", "every"],
  ["every", "some"],
  ["find", "findLast"],
  ["findLast", "find"],
  ["findIndex", "findLastIndex"],
  ["indexOf", "lastIndexOf"],
  ["lastIndexOf", "indexOf"],
  ["startsWith", "endsWith"],
  ["endsWith", "startsWith"],
  ["padStart", "padEnd"],
  ["min", "max"],
  ["max", "min"],
  ["floor", "ceil"],
  ["ceil", "floor"],
  ["round", "floor"],
  ["trunc", "ceil"],
  ["push", "unshift"],
]);

/** Methods whose object can stand for their result. */
const droppable: ReadonlySet<string> = new Set(
  "filter slice sort toSorted reverse toReversed trim trimStart trimEnd toLowerCase toUpperCase".split(" "),
);

const isText = (node: Node): boolean =>
  node.type === "StringLiteral" || node.type === "TemplateLiteral" ||
  (node.type === "BinaryExpression" && node.operator === "+" && (isText(node.left) || isText(node.right)));

const between = (place: Place, left: Node, right: Node, from: string, to: string): Edit => {
  const at = place.text.indexOf(from, left.end);
  return at < right.start ? { start: at, end: at + from.length, text: to } : replaced(left, "!");
};

const binary = (place: Place, node: Node): readonly Edit[] => {
  if (isText(node)) return [];
  return (operators[node.operator] ?? []).map((to) =>
    between(place, node.left, node.right, node.operator, to)
  );
};

const logical = (place: Place, node: Node): readonly Edit[] => {
  const { left, right, operator } = node;
  // of a chain each link is dropped by itself
  const isChain = left.type === "LogicalExpression" && left.operator === operator;
  const sides = [left, ...isChain ? [] : [right]].map((side) => replaced(node, inParens(place, side)));
  if (operator === "??") return sides;
  const to = operator === "&&" ? "||" : "&&";
  return [...sides, replaced(node, `(${inParens(place, left)} ${to} ${inParens(place, right)})`)];
};

/** A choice that always falls the same way. Where the condition is a literal there is none. */
const decided = (node: Node | null | undefined, ...ways: readonly string[]): readonly Edit[] =>
  node == null || node.type === "BooleanLiteral" ? [] : ways.map((way) => replaced(node, way));

const call = (place: Place, node: Node): readonly Edit[] => {
  const { callee } = node;
  if (!/^(Optional)?MemberExpression$/.test(callee.type) || callee.computed) return [];
  const name: string = callee.property.name, other = methods.get(name);
  return [
    ...other === undefined ? [] : [replaced(callee.property, other)],
    ...droppable.has(name) ? [replaced(node, inParens(place, callee.object))] : [],
  ];
};

const optional = (place: Place, node: Node): readonly Edit[] => {
  if (!node.optional) return [];
  const from = node.type === "OptionalCallExpression" ? node.callee.end : node.object.end;
  const at = place.text.indexOf("?.", from);
  const dot = node.type === "OptionalMemberExpression" && !node.computed ? "." : "";
  return [{ start: at, end: at + 2, text: dot }];
};

/** An item of a list, and the comma behind it. */
const dropped = ({ text }: Place, item: Node): Edit => {
  const comma = /^\s*,/.exec(text.slice(item.end))?.[0].length ?? 0;
  return { start: item.start, end: item.end + comma, text: "" };
};

const array = (place: Place, node: Node): readonly Edit[] => {
  const elements: readonly Node[] = node.elements.filter((element: Node | null) => element !== null);
  if (elements.length === 0) return [];
  return [replaced(node, "[]"), ...elements.length === 1 ? [] : elements.map((each) => dropped(place, each))];
};

const object = (place: Place, node: Node): readonly Edit[] => {
  const properties: readonly Node[] = node.properties;
  const spread = properties.filter(({ type }) => type === "SpreadElement").map((each) =>
    dropped(place, each)
  );
  return properties.length === 0 || properties.length === spread.length
    ? spread
    : [...spread, replaced(node, "{}")];
};

/** Text for people: it may be worded in any way. */
const isMessage = (value: string): boolean => /\s/.test(value.trim());

/** A comparison that is changed as a whole: with another text it is the same as one that is never true. */
const isDecided = ([comparison, choice]: readonly Node[]): boolean =>
  comparison?.type === "BinaryExpression" && /^[!=]==$/.test(comparison.operator) &&
  /^(Logical|Conditional|Unary)Expression$|^IfStatement$/.test(choice?.type ?? "");

const text = (place: Place, node: Node, value: string): readonly Edit[] => {
  const [parent] = place.around;
  const isName = parent?.key === node && !parent.computed;
  if (isName || isMessage(value) || isDecided(place.around)) return [];
  return [replaced(node, value === "" ? '"mutant"' : '""')];
};

const template = (place: Place, node: Node): readonly Edit[] =>
  text(place, node, node.quasis.map(({ value }: Node) => value.cooked).join("."));

const regExp = ({ start, pattern, flags }: Node): readonly Edit[] => {
  const edits: Edit[] = [];
  if (pattern.startsWith("^")) edits.push({ start: start + 1, end: start + 2, text: "" });
  const end = start + 1 + pattern.length;
  if (/(?<!\\)\$$/.test(pattern)) edits.push({ start: end - 1, end, text: "" });
  if (flags !== "") edits.push({ start: end + 1, end: end + 1 + flags.length, text: "" });
  return edits.map((edit) => edit.text === "" && pattern.length === 1 ? { ...edit, text: "(?:)" } : edit);
};

const statement = (node: Node): readonly Edit[] => node.directive === undefined ? [replaced(node, ";")] : [];

/** Functions of the module alone: an inner one is changed by what it consists of. */
const arrow = ({ around }: Place, node: Node): readonly Edit[] =>
  node.body.type === "BlockStatement" || around.length > 4 ? [] : [replaced(node.body, "undefined")];

const block = ({ around: [parent] }: Place, node: Node): readonly Edit[] => {
  // the same as a condition that is never true
  const isOnlyBranch = parent?.type === "IfStatement" && parent.alternate == null;
  return node.body.length === 0 || isOnlyBranch ? [] : [replaced(node, "{}")];
};

/** The mutations of one node. */
export const editsOf = (place: Place, node: Node): readonly Edit[] => {
  switch (node.type) {
    case "BinaryExpression":
      return binary(place, node);
    case "LogicalExpression":
      return logical(place, node);
    case "UnaryExpression":
      if (node.operator === "!") return [replaced(node, inParens(place, node.argument))];
      return node.operator === "-" ? [replaced(node, inParens(place, node.argument))] : [];
    case "UpdateExpression": {
      const at = node.prefix ? node.start : node.argument.end;
      return [{ start: at, end: at + 2, text: node.operator === "++" ? "--" : "++" }];
    }
    case "AssignmentExpression": {
      const to = assignments[node.operator];
      return to === undefined ? [] : [between(place, node.left, node.right, node.operator, to)];
    }
    case "ConditionalExpression":
      return [
        replaced(node, inParens(place, node.consequent)),
        replaced(node, inParens(place, node.alternate)),
      ];
    case "IfStatement":
      return decided(node.test, "true", "false");
    case "WhileStatement":
    case "DoWhileStatement":
    case "ForStatement":
      return decided(node.test, "false");
    case "CallExpression":
      return call(place, node);
    case "OptionalCallExpression":
      return [...call(place, node), ...optional(place, node)];
    case "OptionalMemberExpression":
      return optional(place, node);
    case "BooleanLiteral":
      return [replaced(node, String(!node.value))];
    case "NumericLiteral":
      return node.value === 0 || node.value === 1 ? [replaced(node, node.value === 0 ? "1" : "0")] : [];
    case "StringLiteral":
      return text(place, node, node.value);
    case "TemplateLiteral":
      return template(place, node);
    case "RegExpLiteral":
      return regExp(node);
    case "ArrayExpression":
      return array(place, node);
    case "ObjectExpression":
      return object(place, node);
    case "ArrowFunctionExpression":
      return arrow(place, node);
    case "BlockStatement":
      return block(place, node);
    case "ExpressionStatement":
      return statement(node);
    case "BreakStatement":
    case "ContinueStatement":
      return [replaced(node, ";")];
    default:
      return [];
  }
};
