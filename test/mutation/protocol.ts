import type { Edit } from "./syntax.ts";

/** One test: its file and its place in it. */
export interface TestId {
  readonly file: string;
  readonly index: number;
}

/** What a run of tests without a mutant tells, once for each test. */
export interface Measured {
  readonly name: string;
  readonly ms: number;
  /** Why it failed; a test that does is of no use here. */
  readonly failure: string | undefined;
  /** The regions of the modules that it entered, by module. */
  readonly reached: Readonly<Record<string, readonly number[]>>;
}

export interface MeasuredFile {
  readonly file: string;
  /** To load the file with all that it needs. */
  readonly loadMs: number;
  /** What loading entered. */
  readonly reached: Readonly<Record<string, readonly number[]>>;
  readonly tests: readonly Measured[];
}

export type Request =
  | { readonly _tag: "Measure"; readonly file: string; readonly counted: string }
  | { readonly _tag: "Try"; readonly path: string; readonly edit: Edit; readonly tests: readonly TestId[] };

/** `Begun`: the test at this place of the request runs now. */
export type Reply =
  | { readonly _tag: "Begun"; readonly at: number }
  | { readonly _tag: "Measured"; readonly file: MeasuredFile }
  | { readonly _tag: "Killed"; readonly by: number; readonly why: string }
  | { readonly _tag: "Survived" }
  | { readonly _tag: "Broken"; readonly why: string };

/** Begins the lines of a worker that are replies: tests may print too. */
export const replyMark = "\u0001";
