import traverse, { type NodePath } from "@babel/traverse";
import { lineOf, nodesOf, parseSource } from "./source.ts";

/** The globals that a pure module may use: ECMAScript's own without time, chance, promises and code from text. */
export const pureGlobals: ReadonlySet<string> = new Set([
  ..."undefined NaN Infinity isNaN isFinite parseInt parseFloat".split(" "),
  ..."encodeURI encodeURIComponent decodeURI decodeURIComponent".split(" "),
  ..."Object Array String Number Boolean Symbol BigInt Math JSON Date RegExp Reflect Proxy Iterator".split(
    " ",
  ),
  ..."Map Set WeakMap WeakSet ArrayBuffer DataView Uint8Array Uint8ClampedArray Uint16Array Uint32Array"
    .split(" "),
  ..."Int8Array Int16Array Int32Array Float32Array Float64Array BigInt64Array BigUint64Array".split(" "),
  ..."Error TypeError RangeError SyntaxError URIError EvalError AggregateError".split(" "),
  "TextDecoder",
  "TextEncoder",
]);

const impureTypes: ReadonlySet<string> = new Set(
  "Promise PromiseLike Awaited AsyncIterable AsyncIterator AsyncIterableIterator AsyncGenerator".split(" "),
);

/** Depend on the machine's time zone or language, whatever the object. */
const localMembers =
  /^(toLocale\w+|localeCompare|getTimezoneOffset|toDateString|toTimeString)$|^[gs]et(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds)$/;

/** What is pure of the globals that are not wholly so. */
const pureMembers: Readonly<Record<string, readonly string[]>> = {
  Date: ["parse", "UTC"],
  Math: Object.getOwnPropertyNames(Math).filter((name) => name !== "random"),
};

/** The name in `object.name` or `object["name"]`. */
const memberName = (node: any): string | undefined => {
  if (node.type !== "MemberExpression" && node.type !== "OptionalMemberExpression") return undefined;
  if (!node.computed) return node.property.name;
  return node.property.type === "StringLiteral" ? node.property.value : undefined;
};

const isWithArgument = (node: any): boolean =>
  node.type === "NewExpression" && node.arguments.length > 0 && node.arguments[0].type !== "SpreadElement";

/** What is wrong with this use of `Date` or `Math`, which have both pure and impure parts. */
const misuse = (path: NodePath, name: string): string | undefined => {
  const allowed = pureMembers[name], parent = path.parent as any;
  if (allowed === undefined) return undefined;
  if (name === "Date" && parent.callee === path.node && isWithArgument(parent)) return undefined;
  if (parent.type === "BinaryExpression" && parent.operator === "instanceof") return undefined;
  const member = parent.object === path.node ? memberName(parent) : undefined;
  if (member !== undefined && allowed.includes(member)) return undefined;
  return member === undefined ? `${name} used in another way than by its pure members` : `${name}.${member}`;
};

const isInType = (path: NodePath): boolean =>
  /^TS(?!As|NonNull|Satisfies|TypeAssertion|Instantiation)/.test(path.parent.type);

/** Calls back for every name that no declaration of the module binds. */
const eachFree = (ast: any, visit: (path: NodePath<any>, name: string) => void): void => {
  traverse(ast, {
    Identifier(path: NodePath<any>) {
      const written = path.parent.type === "AssignmentExpression" && (path.parent as any).left === path.node;
      const typed = path.parent.type === "TSTypeReference";
      if (!written && !typed && !path.isReferencedIdentifier()) return;
      if (!path.scope.hasBinding(path.node.name, { noGlobals: true })) visit(path, path.node.name);
    },
  });
};

/** The globals that a module refers to by their names, in values. */
export const globalsOf = (text: string): readonly string[] => {
  const found = new Set<string>();
  eachFree(parseSource(text), (path, name) => isInType(path) || found.add(name));
  return [...found];
};

const freeNames = (ast: any): readonly string[] => {
  const found: string[] = [];
  eachFree(ast, (path, name) => {
    const isImpureType = path.parent.type === "TSTypeReference" && impureTypes.has(name);
    if (isInType(path) && !isImpureType) return;
    const what = pureGlobals.has(name)
      ? misuse(path, name)
      : isImpureType
      ? `type ${name}`
      : `global ${name}`;
    if (what !== undefined) found.push(`${lineOf(path.node)}: ${what}`);
  });
  return found;
};

const syntaxOf = (node: any): string | undefined => {
  switch (node.type) {
    case "AwaitExpression":
      return "await";
    case "ForOfStatement":
      return node.await ? "for await" : undefined;
    case "ThrowStatement":
      return "throw";
    case "ImportExpression":
    case "Import":
      return "import()";
    case "MetaProperty":
      return node.meta.name === "import" ? "import.meta" : undefined;
    case "DebuggerStatement":
      return "debugger";
    case "MemberExpression":
    case "OptionalMemberExpression": {
      const name = memberName(node);
      return name !== undefined && localMembers.test(name) ? `.${name} (time zone or language)` : undefined;
    }
    default:
      return node.async === true ? "async" : undefined;
  }
};

const keepsState = (statement: any): boolean => {
  const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
  return declaration?.type === "VariableDeclaration" && declaration.kind !== "const";
};

/** Everything in a module that makes its functions depend on more than their arguments, as `line: what`. */
export const impurities = (text: string, allowed: { readonly throw?: boolean } = {}): readonly string[] => {
  const ast = parseSource(text);
  const syntax = [...nodesOf(ast.program)].flatMap((node) => {
    const what = syntaxOf(node);
    return what === undefined || (what === "throw" && allowed.throw) ? [] : [`${lineOf(node)}: ${what}`];
  });
  const state = ast.program.body.filter(keepsState).map((node) =>
    `${lineOf(node)}: a variable of the module`
  );
  return [...freeNames(ast), ...syntax, ...state];
};
