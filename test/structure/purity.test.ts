import { suite } from "uvu";
import * as assert from "uvu/assert";
import { filesUnder, readText } from "../tools/files.ts";
import { isPureAdapter } from "../tools/import_rules.ts";
import { impurities } from "../tools/purity.ts";

const test = suite("the core and the API server are pure");

/** The one file that may throw. */
const mayThrow = "core/invariant.ts";

for (const path of filesUnder("core")) {
  test(path, () => assert.equal(impurities(readText(path), { throw: path === mayThrow }), []));
}

const pureAdapters = filesUnder("adapters").filter((path) => path.endsWith(".ts") && isPureAdapter(path));

for (const path of pureAdapters) test(path, () => assert.equal(impurities(readText(path)), []));

test("there are such adapters", () => assert.ok(pureAdapters.length > 50));

/** A snippet and what is found in it. */
const impure: readonly (readonly [string, readonly string[]])[] = [
  ["const f = async () => 1;", ["async"]],
  ["async function f() {}", ["async"]],
  ["const o = { async m() {} }; class C { async m() {} }", ["async", "async"]],
  ["async function* f() { for await (const a of b()) yield a; }\nconst b = (): any => [];", [
    "async",
    "for await",
  ]],
  ["await f(); const f = () => 1;", ["await"]],
  ["const f = (): Promise<void> => g(); const g = (): any => 1;", ["type Promise"]],
  ["const a = Promise.resolve(1);", ["global Promise"]],
  ["const f = (a: AsyncIterable<number>) => a;", ["type AsyncIterable"]],
  ["const a = Date.now();", ["Date.now"]],
  ["const a = Date['now']();", ["Date.now"]],
  ["const { now } = Date;", ["Date used in another way than by its pure members"]],
  ["const a = new Date();", ["Date used in another way than by its pure members"]],
  ["const a = new Date;", ["Date used in another way than by its pure members"]],
  ["const a = Date(0);", ["Date used in another way than by its pure members"]],
  ["const f = (x: []) => new Date(...x);", ["Date used in another way than by its pure members"]],
  ["const D = Date; const a = new D();", ["Date used in another way than by its pure members"]],
  ["const a = performance.now();", ["global performance"]],
  ["const a = Math.random();", ["Math.random"]],
  ["const a = Math?.random();", ["Math.random"]],
  ["const f = (k: 'random') => Math[k]();", ["Math used in another way than by its pure members"]],
  ["const { random } = Math;", ["Math used in another way than by its pure members"]],
  ["setTimeout(() => {}, 1); setInterval(() => {}, 1); setImmediate(() => {}); queueMicrotask(() => {});", [
    "global setTimeout",
    "global setInterval",
    "global setImmediate",
    "global queueMicrotask",
  ]],
  ["const f = (get = fetch) => get;", ["global fetch"]],
  ["const a = { fetch };", ["global fetch"]],
  ["console.log(1);", ["global console"]],
  ["const a = process.env.A;", ["global process"]],
  ["const a = typeof process;", ["global process"]],
  ["const a = Deno.env;", ["global Deno"]],
  ["const a = (globalThis as any).fetch;", ["global globalThis"]],
  ["const a = self; const b = window; const c = global;", ["global self", "global window", "global global"]],
  ["const a = crypto.randomUUID();", ["global crypto"]],
  ["const a = new URL(''); const b = new URLSearchParams();", ["global URL", "global URLSearchParams"]],
  ["const a = new AbortController(); const b = structuredClone(1); const c = Buffer;", [
    "global AbortController",
    "global structuredClone",
    "global Buffer",
  ]],
  ["const a = eval('1'); const b = new Function('1');", ["global eval", "global Function"]],
  ["const a = new WeakRef({}); const b = Intl;", ["global WeakRef", "global Intl"]],
  ["counter = 1;", ["global counter"]],
  ["const f = () => { throw new Error(); };", ["throw"]],
  ["const f = () => import('./a.ts');", ["import()"]],
  ["const a = import.meta;", ["import.meta"]],
  ["debugger;", ["debugger"]],
  ["const f = (a: string) => a.localeCompare('b');", [".localeCompare (time zone or language)"]],
  ["const f = (a: number) => new Date(a).getHours();", [".getHours (time zone or language)"]],
  ["const f = (a: number) => a.toLocaleString();", [".toLocaleString (time zone or language)"]],
  ["let a = 1; export const f = () => a++;", ["a variable of the module"]],
  ["export let a = 1;", ["a variable of the module"]],
  ["{ const fetch = 1; }\nconst a = fetch;", ["global fetch"]],
];

for (const [snippet, expected] of impure) {
  test(`finds: ${snippet}`, () => {
    assert.equal(impurities(snippet).map((line) => line.replace(/^\d+: /, "")), expected);
  });
}

const pure: readonly string[] = [
  "const f = (fetch: () => void) => fetch();",
  "const f = (a: { fetch: number; process: { env: number } }) => a.fetch + a.process.env;",
  "const a = { console: 1, fetch() {}, async: 2, await: 3 };",
  "const f = ({ performance }: any) => performance;",
  "const f = (wall: number) => new Date(wall).toISOString() + Date.parse('') + Date.UTC(1);",
  "const f = (a: unknown) => a instanceof Date;",
  "const f = (a: number) => Math.min(a, Math.imul(a, 2), Math['max'](1));",
  "type Foo = { a: AbortSignalLike }; interface AbortSignalLike { process: string } const a = 1 as unknown as Foo;",
  "import type { fetch } from './a.ts'; import { crypto } from './b.ts'; const a = crypto as fetch;",
  "interface Promise<A> { readonly a: A }",
  "function URL() {} const a = URL;",
  "const a = new TextDecoder(); const b = new TextEncoder(); const c = new Map<string, Uint8Array>();",
  "for (let a = 0; a < 1; a++) { let b = a; b++; }",
  "const f = (text: string) => { try { return JSON.parse(text); } catch { return undefined; } };",
  "const a = 'Date.now() await fetch'; // Math.random()",
  "loop: for (;;) break loop;",
];

for (const snippet of pure) test(`accepts: ${snippet}`, () => assert.equal(impurities(snippet), []));

test("reports the line, and lets one file throw", () => {
  assert.equal(impurities("\n\nfetch();"), ["3: global fetch"]);
  assert.equal(impurities("const f = () => { throw 1; };", { throw: true }), []);
});

test.run();
