import * as E from "fp-ts/lib/Either.js";
import type { Container } from "../kubernetes/container.ts";
import type { Pod } from "../kubernetes/pod.ts";
import type { Refusal } from "./log_options.ts";
import type { PodPath } from "./route.ts";

/** The pod of a path, with the UID that the path has, if it has one. Left: 404. */
export const findPod = (pods: readonly Pod[], path: PodPath): E.Either<Refusal, Pod> => {
  const found = pods.find(({ metadata: { name, namespace, uid } }) =>
    name === path.pod && namespace === path.namespace && (path.uid === undefined || path.uid === uid)
  );
  return found === undefined ? E.left({ status: 404, message: "pod does not exist" }) : E.right(found);
};

/** A container of a pod, of whatever kind. Left: 404. */
export const findContainer = (pod: Pod, name: string): E.Either<Refusal, Pick<Container, "name" | "tty">> => {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const found = [...containers, ...initContainers, ...ephemeralContainers]
    .find((each) => (each as Partial<Container> | null)?.name === name) as Container | undefined;
  if (found !== undefined) return E.right(found);
  const [shown, of] = [name, pod.metadata.name].map((text) => JSON.stringify(text));
  return E.left({ status: 404, message: `container ${shown} not found in pod ${of}` });
};
