import type { ApiObject, JsonObject } from "../../adapters/apiserver/object.ts";
import type { Change } from "../../adapters/apiserver/response.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import type { Ask, Heard } from "./asks.ts";
import { callRules, foreign } from "./call_rules.ts";
import type { Chaos } from "./chaos.ts";
import { type Ledger, makeLedger } from "./ledger.ts";
import type { Marks } from "./marks.ts";
import type { SimNode, Speaker } from "./node.ts";
import { podRules } from "./pod_rules.ts";
import { requestRules, silenceProblems } from "./request_rules.ts";
import type { Story } from "./story.ts";
import { makeTally, type Tally } from "./tally.ts";
import { makeView, type View } from "./view.ts";

/**
 * What must never happen: the promises of the design, as far as they can be seen from outside, looked at with every write, every
 * request and every call. A text names the promise that is broken.
 */
export interface Safety {
  readonly ledger: Ledger;
  readonly tally: Tally;
  readonly broken: readonly string[];
  fail(what: string): void;
  /** An agent begins; what it does is told to what comes back, until it is switched off. */
  follow(speaker: Speaker): Followed;
  onChange(change: Change): void;
  /** A call that is about to be carried out. */
  onCall(node: SimNode, call: Ask["call"], uid: string): void;
  /** From now on no node may be anything but Ready. */
  expectReady(): void;
  /** To be called now and then: what is wrong because nothing happens. */
  look(): void;
}

export interface Followed {
  readonly view: View;
  onAsk(ask: Ask): (heard: Heard) => void;
  onRequest(request: ApiRequest): void;
  /** A request is about to be carried out; what it returns is called when it was. */
  onSend(request: ApiRequest): () => void;
  end(): void;
}

export interface SafetyOptions {
  readonly chaos: Chaos;
  readonly story: Story;
  readonly marks: Marks;
}

const isReady = (node: ApiObject): boolean => {
  const { conditions = [] } = (node.status ?? {}) as { readonly conditions?: readonly JsonObject[] };
  return conditions.find(({ type }) => type === "Ready")?.status === "True";
};

const readName = ({ query }: ApiRequest): string | undefined =>
  /metadata\.name=([^,]+)/.exec(query?.fieldSelector ?? "")?.[1];

export const makeSafety = ({ chaos: { timeline }, story, marks }: SafetyOptions): Safety => {
  const broken: string[] = [];
  const views = new Set<View>();
  let speaker: Speaker | undefined, hasChanged = false, isAllReady = false;
  const now = (): number => timeline.now;
  const fail = (what: string): void => {
    story.tell("SAFETY", what);
    broken.push(what);
  };
  const ledger = makeLedger(now);
  const tally = makeTally();
  const options = { ledger, now, fail };
  const [onPod, judgeCall, judgeRequest] = [
    podRules({ story, marks, fail }),
    callRules(options),
    requestRules(options),
  ];

  const onDelete = ({ node }: Speaker, request: ApiRequest): void => {
    const { preconditions, gracePeriodSeconds } = request.body as {
      readonly preconditions?: { readonly uid?: string };
      readonly gracePeriodSeconds?: number;
    };
    const uid = preconditions?.uid ?? "";
    // of two agents each may start what the other has just stopped
    if (gracePeriodSeconds !== 0 || node.wasDoubled) return;
    if (node.instances.isLive(uid)) fail(`promise 5: ${node.name} finalized ${uid} while it runs`);
  };

  return {
    ...{ ledger, tally, broken },
    fail,
    follow: (who) => {
      const view = makeView(who);
      views.add(view);
      return {
        view,
        onAsk: (ask) => {
          tally.onAsk(ask);
          return judgeCall(view, ask);
        },
        onRequest: (request) => {
          tally.onRequest(request);
          judgeRequest(view, request);
        },
        onSend: (request) => {
          speaker = who;
          hasChanged = false;
          const name = request.method === "GET" && request.path.endsWith("/pods")
            ? readName(request)
            : undefined;
          if (name !== undefined) view.reads.set(name, now());
          if (request.method === "DELETE" && request.path.includes("/pods/")) onDelete(who, request);
          return () => {
            speaker = undefined;
            if (!hasChanged) tally.onIdle(request);
          };
        },
        end: () => void views.delete(view),
      };
    },
    onChange: (change) => {
      hasChanged = true;
      ledger.onChange(change, speaker);
      if (change.resource === "pods") onPod(change, speaker);
      if (change.resource === "nodes" && isAllReady && !isReady(change.object)) {
        fail(`promise 10: ${change.object.metadata.name} is no longer Ready, although nothing is wrong`);
      }
    },
    onCall: (node, call, uid) => {
      if (call !== "ping" && call !== "list") {
        story.tell(`${node.name} (back end)`, `${call} ${uid.slice(0, 8)}`);
      }
      if (uid.startsWith(foreign)) fail(`promise 3: ${call} of ${uid}, which is not its own`);
      if (call === "remove" && !node.wasDoubled && node.instances.isLive(uid)) {
        fail(`promise 5: ${node.name} removed ${uid} while it runs`);
      }
    },
    expectReady: () => {
      isAllReady = true;
    },
    look: () => silenceProblems(options, views).forEach(fail),
  };
};
