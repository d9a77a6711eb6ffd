// Prints a hash of the story of each of some seeds: node test/tools/sim_stories.ts SEED…
import process from "node:process";
import { hashText } from "../../core/hash.ts";
import { simulate } from "../sim/scenario.ts";

for (const seed of process.argv.slice(2)) {
  const { story } = await simulate(Number(seed), { minutes: 0 });
  console.log(`${seed} ${story.length} ${hashText(story.join("\n"))}`);
}
