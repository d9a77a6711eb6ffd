import type { Running } from "../../adapters/apiserver/server/running.ts";
import type { Millis } from "../../core/time.ts";
import type { Chaos } from "./chaos.ts";
import type { Marks } from "./marks.ts";
import type { MakeProvider } from "./own_backend.ts";
import type { Safety } from "./safety.ts";
import type { Story } from "./story.ts";
import type { Swarm } from "./swarm.ts";

/** What all nodes of a cluster have in common. */
export interface Cluster {
  readonly swarm: Swarm;
  readonly marks: Marks;
  readonly story: Story;
  readonly chaos: Chaos;
  readonly running: Running;
  readonly safety: Safety;
  /** Wall time at the beginning of virtual time. */
  readonly epoch: Millis;
  readonly onSend: () => void;
  /** Somebody's own, instead of what the seed's scripts run. */
  readonly provider: MakeProvider | undefined;
}
