import type { PlantedBug } from "./bug.ts";
import { bugsOfContainers } from "./bugs_of_containers.ts";
import { bugsOfNodes } from "./bugs_of_nodes.ts";
import { bugsOfPods } from "./bugs_of_pods.ts";
import { bugsOfRequests } from "./bugs_of_requests.ts";

/** Every bug that the tests must find, each planted alone. */
export const bugs: readonly PlantedBug[] = [
  ...bugsOfPods,
  ...bugsOfContainers,
  ...bugsOfRequests,
  ...bugsOfNodes,
];
