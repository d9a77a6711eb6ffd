#!/usr/bin/env node
// imports nothing that an old runtime cannot load, to be able to say so
import process from "node:process";
import { tooOld } from "./runtime_version.ts";

const problem = tooOld(process.versions);
if (problem !== undefined) {
  process.stderr.write(`vk: ${problem}\n`);
  process.exit(2);
}
const { main } = await import("./own_program.ts");
process.exit(await main());
