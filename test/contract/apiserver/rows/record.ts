// Asks the real API server of VK_TEST_KUBECONFIG what it makes of each row, and writes down its answers (then: deno fmt).
import { writeFileSync } from "node:fs";
import { answerName, answersPath, ask, creationRows, steadyAnswer } from "../creation.ts";
import { realTarget } from "../real.ts";
import type { Body } from "./row.ts";

const target = await realTarget();
const namespace = await target.namespace();
const answers: Record<string, Body> = {};
for (const row of creationRows) {
  answers[answerName(row)] = steadyAnswer(await ask(target, row, namespace), namespace);
}
writeFileSync(answersPath, `${JSON.stringify(answers, undefined, 1)}\n`);
console.log(`${creationRows.length} answers are in ${answersPath}`);
