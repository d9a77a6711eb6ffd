import { lineOf, nodesOf, parseSource } from "./source.ts";

/** The suites that a module makes or imports from uvu, by name. */
const suitesOf = (nodes: readonly any[]): readonly (readonly [string, number])[] =>
  nodes.flatMap((node) => {
    if (node.type === "ImportDeclaration" && node.source.value === "uvu") {
      const own = node.specifiers.filter((specifier: any) => specifier.imported?.name === "test");
      return own.map((specifier: any) => [specifier.local.name, lineOf(node)] as const);
    }
    const makes = node.type === "VariableDeclarator" && node.init?.type === "CallExpression" &&
      node.init.callee.name === "suite" && node.id.type === "Identifier";
    return makes ? [[node.id.name, lineOf(node)] as const] : [];
  });

/** Suites whose `run` is never called, and calls of `only`, as `line: what`. */
export const unrunSuites = (text: string): readonly string[] => {
  const nodes: readonly any[] = [...nodesOf(parseSource(text).program)];
  const calls = nodes.filter((node) =>
    node.type === "CallExpression" && node.callee.type === "MemberExpression"
  );
  const isCalled = (name: string, method: string): boolean =>
    calls.some(({ callee }) => callee.object.name === name && callee.property.name === method);
  return suitesOf(nodes).flatMap(([name, line]) => [
    ...(isCalled(name, "run") ? [] : [`${line}: ${name} is never run`]),
    ...(isCalled(name, "only") ? [`${line}: ${name}.only hides the others`] : []),
  ]);
};
