import { podStartRows } from "./pod_start.ts";
import { podRunRows } from "./pod_run.ts";
import { podStopRows } from "./pod_stop.ts";
import { podEndRows } from "./pod_end.ts";
import type { PodRow } from "./pod_words.ts";

/** Every row of the pod reconciler's table. */
export const podRows: readonly PodRow[] = [...podStartRows, ...podRunRows, ...podStopRows, ...podEndRows];
