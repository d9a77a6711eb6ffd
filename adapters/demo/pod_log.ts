import * as E from "fp-ts/lib/Either.js";
import { podPath } from "../../core/kubernetes/request.ts";
import type { ApiObject, Json, JsonObject } from "../apiserver/object.ts";
import type { ApiPort } from "../ports.ts";
import type { News } from "./view.ts";

/** A container's instance whose log can be read. */
interface Instance {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly container: string;
  /** Tells it from those before. */
  readonly key: string;
}

const objectAt = (value: Json | undefined, name: string): JsonObject | undefined => {
  const found = (value as JsonObject | null | undefined)?.[name];
  return typeof found === "object" && found !== null && !Array.isArray(found)
    ? found as JsonObject
    : undefined;
};

/** The first container of a pod that has begun to write. */
export const instanceOf = (pod: ApiObject | undefined): Instance | undefined => {
  const statuses = objectAt(pod, "status")?.["containerStatuses"];
  const [status] = Array.isArray(statuses) ? statuses as readonly JsonObject[] : [];
  if (pod === undefined || status === undefined) return undefined;
  const state = objectAt(status, "state");
  const begun = state?.["running"] !== undefined || state?.["terminated"] !== undefined;
  if (!begun) return undefined;
  const { uid, name, namespace = "default" } = pod.metadata;
  const container = String(status["name"]);
  return { ...{ uid, namespace, name, container }, key: `${uid}/${container}/${status["restartCount"]}` };
};

const tailLines = "100";
const maxPartialChars = 16_384;

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = (lines.pop() ?? "").slice(-maxPartialChars);
    if (lines.length > 0) yield lines;
  }
  if (rest !== "") yield [rest];
}

/** Reads the log of one pod at a time, as long as its container writes. */
export interface PodLog {
  /** The pod whose log is wanted now. */
  show(pod: ApiObject | undefined): void;
  close(): void;
}

/** A log that cannot be read, or breaks off, is asked for again when the pod is shown again. */
export const podLog = (api: ApiPort, tell: (news: News) => void): PodLog => {
  let reading: { readonly key: string; readonly ending: AbortController } | undefined;

  const read = async (instance: Instance, signal: AbortSignal): Promise<void> => {
    const { uid, namespace, name, container } = instance;
    tell({ _tag: "LogOpened", uid });
    const query = { container, follow: "true", tailLines };
    const answer = await api.stream(
      { method: "GET", path: `${podPath(namespace, name)}/log`, query },
      signal,
    );
    if (E.isLeft(answer)) throw new Error(answer.left.message);
    if (answer.right.status !== 200) throw new Error(`HTTP ${answer.right.status}`);
    for await (const lines of linesOf(answer.right.body)) {
      if (signal.aborted) return;
      tell({ _tag: "LogRead", uid, lines });
    }
  };
  const close = (): void => {
    reading?.ending.abort();
    reading = undefined;
  };
  return {
    show: (pod) => {
      const instance = instanceOf(pod);
      if (instance?.key === reading?.key) return;
      close();
      if (instance === undefined) return;
      const ending = new AbortController();
      const mine = reading = { key: instance.key, ending };
      read(instance, ending.signal).catch(() => {
        if (reading === mine) reading = undefined;
      });
    },
    close,
  };
};
