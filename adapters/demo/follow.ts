import * as E from "fp-ts/lib/Either.js";
import { badItem, type Decoded } from "../../core/kubernetes/decode.ts";
import { watchConfig } from "../../core/watch/config.ts";
import type { ApiObject } from "../apiserver/object.ts";
import { systemClock } from "../clock.ts";
import { reflect, type ReflectorOutput } from "../kubernetes/reflector.ts";
import type { ApiPort, Logger } from "../ports.ts";
import type { News, Shown } from "./view.ts";

const kinds: Readonly<Record<Shown, string>> = { nodes: "Node", pods: "Pod", events: "Event" };

const decode = (json: unknown): Decoded<ApiObject> => {
  const object = json as ApiObject | null;
  return typeof object?.metadata?.uid === "string"
    ? E.right(object)
    : E.left(badItem(json, ["no metadata.uid"]));
};

const newsOf = (kind: Shown, output: ReflectorOutput<ApiObject>): News | undefined => {
  switch (output._tag) {
    case "Replaced":
      return { _tag: "Replaced", kind, items: output.items };
    case "Applied":
      return { _tag: "Applied", kind, item: output.item };
    case "Deleted":
      return { _tag: "Deleted", kind, uid: output.ref.uid };
    case "Undecodable":
      return undefined;
  }
};

/** Tells of all that happens to nodes, pods and events, until the signal aborts. */
export const followAll = async (
  api: ApiPort,
  tell: (news: News) => void,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> => {
  const each = (Object.keys(kinds) as readonly Shown[]).map((kind) => {
    const config = watchConfig<ApiObject>({ kind: kinds[kind], path: `/api/v1/${kind}`, decode });
    const onOutput = (output: ReflectorOutput<ApiObject>): void => {
      const news = newsOf(kind, output);
      if (news !== undefined) tell(news);
    };
    return reflect({ api, clock: systemClock, config, onOutput, signal, logger }).done;
  });
  await Promise.all(each);
};
