import { suite } from "uvu";
import * as assert from "uvu/assert";
import { refuseLogs, wantsEarlier } from "../../../core/kubelet/log_access.ts";
import type { ContainerStateWire, ContainerStatus } from "../../../core/kubernetes/pod_status.ts";
import type { Pod } from "../../../core/kubernetes/pod.ts";

const test = suite("kubelet log access");

const status = (
  name: string,
  state?: ContainerStateWire,
  lastState?: ContainerStateWire,
): ContainerStatus => ({
  name,
  image: "i",
  imageID: "",
  ready: false,
  restartCount: 0,
  ...(state === undefined ? {} : { state }),
  ...(lastState === undefined ? {} : { lastState }),
});

const pod = (...statuses: readonly ContainerStatus[]): Pod => ({
  metadata: { name: "p", namespace: "ns", uid: "u" },
  spec: {
    containers: [{ name: "c" }],
    initContainers: [{ name: "i" }],
    ephemeralContainers: [{ name: "e" }, null, 7],
  },
  status: {
    containerStatuses: statuses.filter((each) => each.name !== "i"),
    initContainerStatuses: statuses.filter((each) => each.name === "i"),
  },
});

const running: ContainerStateWire = { running: {} };
const terminated: ContainerStateWire = { terminated: { exitCode: 1 } };
const waiting = (reason?: string): ContainerStateWire => ({
  waiting: reason === undefined ? {} : { reason },
});

type Row = readonly [
  name: string,
  pod: Pod | undefined,
  container: string,
  previous: boolean,
  status: number | undefined,
  message?: string,
];

const waits = 'container "c" in pod "p" is waiting to start: ';
const noPrevious = 'previous terminated container "c" in pod "p" not found';

const rows: readonly Row[] = [
  ["unknown pod", undefined, "c", false, 404, 'pod "p" does not exist'],
  ["unknown container", pod(), "x", false, 404, 'container "x" not found in pod "p"'],
  ["no status yet", pod(), "c", false, 400, 'container "c" in pod "p" is not available'],
  ["ephemeral container without status", pod(), "e", false, 400, 'container "e" in pod "p" is not available'],
  ["creating", pod(status("c", waiting("ContainerCreating"))), "c", false, 400, `${waits}ContainerCreating`],
  [
    "image error",
    pod(status("c", waiting("ErrImagePull"))),
    "c",
    false,
    400,
    `${waits}image can't be pulled`,
  ],
  [
    "image back-off",
    pod(status("c", waiting("ImagePullBackOff"))),
    "c",
    false,
    400,
    `${waits}trying and failing to pull image`,
  ],
  ["waiting without reason", pod(status("c", waiting())), "c", false, 400, `${waits}no logs yet`],
  ["no state", pod(status("c")), "c", false, 400, `${waits}no logs yet`],
  ["running", pod(status("c", running)), "c", false, undefined],
  ["ended", pod(status("c", terminated)), "c", false, undefined],
  ["crash loop", pod(status("c", waiting("CrashLoopBackOff"), terminated)), "c", false, undefined],
  ["init container that ended", pod(status("i", terminated)), "i", false, undefined],
  ["previous of the first instance", pod(status("c", running)), "c", true, 400, noPrevious],
  ["previous of one that ended once", pod(status("c", terminated)), "c", true, 400, noPrevious],
  ["previous of the second instance", pod(status("c", running, terminated)), "c", true, undefined],
  [
    "previous in a crash loop",
    pod(status("c", waiting("CrashLoopBackOff"), terminated)),
    "c",
    true,
    undefined,
  ],
];

for (const [name, of, container, previous, code, message] of rows) {
  test(name, () => {
    const refused = refuseLogs(of, "p", container, previous);
    assert.is(refused?.status, code);
    assert.is(refused?.message, message);
  });
}

const earlier: readonly (readonly [name: string, pod: Pod, previous: boolean, expected: boolean])[] = [
  ["runs again: the one before", pod(status("c", running, terminated)), true, true],
  [
    "waits for its restart: the one that ended last",
    pod(status("c", waiting("CrashLoopBackOff"), terminated)),
    true,
    false,
  ],
  ["ended for good: the one before", pod(status("c", terminated, terminated)), true, true],
  ["not asked for", pod(status("c", running, terminated)), false, false],
];

for (const [name, of, previous, expected] of earlier) {
  test(`earlier instance: ${name}`, () => assert.is(wantsEarlier(of, "c", previous), expected));
}

test.run();
