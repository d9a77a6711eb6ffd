import type { Event } from "../core/event.ts";
import type { Node } from "../core/kubernetes/node.ts";
import type { Pod } from "../core/kubernetes/pod.ts";
import type { ReflectorOutput } from "./kubernetes/reflector.ts";
import type { Logger } from "./ports.ts";

/** What the watch of the node's pods says, as an event. */
export const podEvent = (output: ReflectorOutput<Pod>): Event => {
  switch (output._tag) {
    case "Replaced":
      return { _tag: "PodsListed", pods: output.items, bad: output.bad };
    case "Applied":
      return { _tag: "PodApplied", pod: output.item };
    case "Undecodable":
      return { _tag: "PodUndecodable", bad: output.bad };
    case "Deleted":
      return { _tag: "PodDeleted", uid: output.ref.uid };
  }
};

/** What the watch of the node itself says, as an event. A node that cannot be read is not absent: nothing is done. */
export const nodeEvent = (output: ReflectorOutput<Node>, logger: Logger): Event | undefined => {
  const unreadable = (problems: readonly string[] | undefined): undefined =>
    logger.log("error", "the node could not be read and is left alone", { problems }) as undefined;
  switch (output._tag) {
    case "Replaced": {
      const node = output.items[0];
      if (node !== undefined) return { _tag: "NodeApplied", node };
      return output.bad.length === 0 ? { _tag: "NodeAbsent" } : unreadable(output.bad[0]?.problems);
    }
    case "Applied":
      return { _tag: "NodeApplied", node: output.item };
    case "Undecodable":
      return unreadable(output.bad.problems);
    case "Deleted":
      return { _tag: "NodeAbsent" };
  }
};
