import { patchNode } from "../kubernetes/request.ts";
import { type Comparison, describePatch, type Draft, mapPatch } from "./change.ts";
import { ownedAnnotation } from "./owned.ts";

/** Labels and annotations. */
export const metadataDraft = ({ desired, node, wanted, left }: Comparison): Draft => {
  const { [ownedAnnotation]: _ours, ...ourAnnotations } = desired.annotations;
  const labels = mapPatch(desired.labels, node.metadata.labels, left.labels);
  const annotations = mapPatch(ourAnnotations, node.metadata.annotations, left.annotations);
  return {
    aspect: "metadata",
    drift: [...describePatch("label", labels), ...describePatch("annotation", annotations)],
    wanted: [desired.labels, ourAnnotations, wanted],
    action: (metadata) => ({
      _tag: "PatchNode",
      request: patchNode(desired.name, {
        metadata: { labels, annotations: { ...annotations, ...annotationsOf(metadata) } },
      }),
    }),
  };
};

const annotationsOf = (metadata: { readonly annotations?: object }): object => metadata.annotations ?? {};
