import type { Millis } from "../../core/time.ts";
import type { Agent } from "./agent.ts";
import type { NodeShape } from "./shape.ts";
import type { Truth } from "./truth.ts";

/** A node with its back end, and the agents that have run it. */
export interface SimNode {
  readonly name: string;
  readonly shape: NodeShape;
  /** What its back end has. */
  readonly instances: Truth;
  /** Its back end is not the scripted one: what it does by itself is not known. */
  readonly isOwn: boolean;
  /** Two agents were at work at once. */
  readonly wasDoubled: boolean;
  /** The wall clock of its agents was set forward or back. */
  readonly wasSkewed: boolean;
  readonly agent: Agent;
  kill(): void;
  /** It is asked to stop, and started again when it has. */
  restart(mode: "leave" | "drain"): void;
  /** Somebody starts a second agent; the first goes on for a while. */
  double(): void;
  /** The agent's timers ring late for a while. */
  stall(): void;
  /** The agent's wall clock is set forward or back. */
  stepWall(): void;
  /** Its back end cannot be reached for a while; it may have forgotten all when it comes back. */
  sendAway(ms: Millis, forgets: boolean): void;
  /** Notes why its agents do what they do. */
  look(): void;
  /** Its back end says something else of what it has to offer. */
  tellFacts(): void;
}

/** One agent, for those who watch what it does. */
export interface Speaker {
  readonly name: string;
  readonly node: SimNode;
  readonly startedAt: Millis;
}
