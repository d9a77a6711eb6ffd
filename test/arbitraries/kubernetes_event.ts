import fc from "fast-check";
import type { EmitEvent } from "../../core/action.ts";
import { emptyRecorder, recordEvent } from "../../core/event_recorder.ts";
import { anyRef } from "./metadata.ts";
import { anyNow } from "./moment.ts";
import { anyOf, anyRecord } from "./record.ts";

/** Something to be told about a pod or a node; its text may be long, or odd. */
export const anyEmitEvent: fc.Arbitrary<EmitEvent> = fc.tuple(
  anyRecord({ kind: anyOf("Pod", "Node"), ref: anyRef }),
  anyRecord({
    type: anyOf("Normal", "Warning"),
    reason: anyOf("Failed", "ProviderRejected", "NodeNotReady"),
    message: anyOf("", "m", "ä€😀", "x".repeat(5_000)),
  }),
).map(([about, more]) => ({
  _tag: "EmitEvent",
  about: about.kind === "Pod" ? about : { ...about, ref: { ...about.ref, namespace: "" } },
  ...more,
}));

/** `v1.Event` as JSON, as it is written the first time. */
export const anyKubernetesEvent: fc.Arbitrary<unknown> = fc.tuple(anyEmitEvent, anyNow).map(([event, now]) =>
  recordEvent(emptyRecorder, event, now, { component: "virtual-kubelet", host: "n" })[1]?.body
);
