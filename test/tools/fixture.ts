import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import * as assert from "uvu/assert";
import { readText, root } from "./files.ts";

/** Compares a text with a file of the repository; with `VK_TEST_WRITE=1` the file is written instead, to be read and committed. */
export const fixture = (path: string, text: string): void => {
  if (process.env.VK_TEST_WRITE !== "1") return assert.fixture(text, readText(path));
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(`written: ${path}`);
};
