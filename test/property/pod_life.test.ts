import fc, { share } from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Pod } from "../../core/kubernetes/pod.ts";
import { situated } from "../arbitraries/pod_situation.ts";
import { anyNewPodOf } from "../arbitraries/pod.ts";
import { makeInstantNode } from "../tools/instant_node.ts";

const test = suite("the life of a pod");

const ofApi: ReadonlySet<string> = new Set(["PatchPodStatus", "FinalizePod", "EvictPod", "ReadPod"]);

/** Init containers that end, and containers that go on. */
const plain = (pod: Pod): Pod => ({
  ...pod,
  spec: {
    ...pod.spec,
    activeDeadlineSeconds: undefined,
    initContainers: pod.spec.initContainers?.map((container) => ({ ...container, restartPolicy: undefined })),
  },
});

const anyLife = fc.record({
  pod: anyNewPodOf({ ref: situated }).map(plain),
  kind: fc.constantFrom("pods", "containers"),
  watched: fc.boolean(),
  livesMs: fc.constantFrom(0, 500, 1_500, 60_000, 3_600_000),
  endsFirst: fc.boolean(),
});

// each is a life of an hour, on the in-memory API server
test("promise 11: whatever a pod is, its life costs at most three writes and no reads, and at rest none", () => {
  fc.assert(
    fc.property(anyLife, ({ pod, kind, watched, livesMs, endsFirst }) => {
      const node = makeInstantNode({ kind, watched });
      const written = (): readonly string[] =>
        node.actions.map(({ action }) => action).filter(({ _tag }) => ofApi.has(_tag)).map((action) =>
          action._tag === "PatchPodStatus" ? `${action.status.phase}` : action._tag
        );
      node.api.create(pod);
      node.tell({ _tag: "Tick" });
      node.pass(livesMs);
      const living = written();
      assert.ok(living.length <= 1, living.join());
      node.pass(3_600_000);
      assert.ok(written().length <= 1, "an hour costs nothing");
      if (endsFirst) pod.spec.containers.forEach(({ name }) => node.end(situated.uid, name, 1));
      node.pass(500);
      const before = written().length;
      node.api.remove(situated.uid, 30);
      node.tell({ _tag: "Tick" });
      node.pass(120_000);
      // every end of a container that is not the end of the pod is told as well
      const ends = endsFirst ? before - 1 : 0;
      assert.ok(written().length <= 3 + ends, written().join());
      assert.not(written().includes("ReadPod"));
      assert.is(node.holds(situated.uid), undefined);
      if ((pod.metadata.finalizers ?? []).length === 0) assert.is(node.api.pods.size, 0);
    }),
    share(0.1),
  );
});

test.run();
