import { numberAt, objectsAt, textAt } from "../../kinds/fields.ts";
import type { ApiObject } from "../../object.ts";

/** A port of the node itself that a container takes. */
export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const everywhere = "0.0.0.0";

/** The node's ports that a pod takes: those of its containers, and of init containers that go on running. */
export const hostPortsOf = (pod: ApiObject): readonly HostPort[] => {
  const staying = objectsAt(pod, "spec", "initContainers")
    .filter((container) => textAt(container, "restartPolicy") === "Always");
  return [...staying, ...objectsAt(pod, "spec", "containers")]
    .flatMap((container) => objectsAt(container, "ports"))
    .flatMap((port) => {
      const number = numberAt(port, "hostPort") ?? 0;
      const ip = textAt(port, "hostIP") || everywhere;
      return number > 0 ? [{ ip, protocol: textAt(port, "protocol") || "TCP", port: number }] : [];
    });
};

const collide = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol &&
  (a.ip === b.ip || a.ip === everywhere || b.ip === everywhere);

export const anyCollides = (wanted: readonly HostPort[], taken: readonly HostPort[]): boolean =>
  wanted.some((port) => taken.some((other) => collide(port, other)));
