import * as E from "fp-ts/lib/Either.js";
import { emptyRecorder, recordEvent } from "../../core/event_recorder.ts";
import type { Fault } from "../../core/fault.ts";
import {
  beginServing,
  type ServingNews,
  type ServingStep,
  type ServingTold,
  stepServing,
} from "../../core/kubelet/serving.ts";
import {
  createServingRequest,
  decodeSelfSubjectReview,
  decodeServingRequest,
  getServingRequest,
  selfSubjectReview,
  type ServingAnswer,
} from "../../core/kubelet/serving_request.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import { faultOfStatus, parseStatus } from "../../core/kubernetes/status.ts";
import { pause } from "../pause.ts";
import type { ApiPort, Clock, Logger } from "../ports.ts";
import { checkCertificate, type ServingCertificate } from "./certificate.ts";

/** What {@link keepServingCertificate} needs. */
export interface ServingCertificateOptions {
  readonly api: ApiPort;
  readonly nodeName: string;
  /** The IP addresses and host names at which the node can be reached, beside its name. */
  readonly addresses: readonly string[];
  /** Serves a certificate from now on; may throw. */
  readonly serve: (certificate: ServingCertificate) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger?: Logger;
}

const component = "virtual-kubelet";

const failed = (fault: Fault): ServingNews => ({ _tag: "Failed", fault });

/** Sends a request and reads its answer. */
const ask = async <A>(
  { api, signal }: ServingCertificateOptions,
  request: ApiRequest,
  decode: (text: string) => E.Either<string, A>,
): Promise<E.Either<Fault, A>> => {
  const sent = await api.send(request, signal);
  if (E.isLeft(sent)) return sent;
  const { status, text, retryAfterMs } = sent.right;
  if (status < 200 || status > 299) return E.left(faultOfStatus(status, parseStatus(text), retryAfterMs));
  const decoded = decode(text);
  return E.isRight(decoded)
    ? decoded
    : E.left({ _tag: "Undecodable", message: decoded.left, path: request.path });
};

const newsOf = (
  answer: ServingAnswer,
  key: string,
  serve: ServingCertificateOptions["serve"],
): ServingNews => {
  switch (answer._tag) {
    case "Pending":
      return answer;
    case "Denied":
      return { _tag: "Refused", why: `the request was denied (${answer.message})` };
    case "Failed":
      return { _tag: "Refused", why: `the signer refuses the request (${answer.message})` };
    case "Issued":
      try {
        const certificate = { cert: atob(answer.certificate), key };
        const validity = checkCertificate(certificate);
        serve(certificate);
        return { _tag: "Served", ...validity };
      } catch (error) {
        return { _tag: "Refused", why: `what was issued cannot be served (${(error as Error).message})` };
      }
  }
};

/** Carries steps out. The key of the request that is open is held here, and nowhere else. */
const carrying = (options: ServingCertificateOptions) => {
  let key = "";
  return async (step: Exclude<ServingStep, { _tag: "End" }>): Promise<ServingNews> => {
    switch (step._tag) {
      case "Review": {
        const who = await ask(options, selfSubjectReview, decodeSelfSubjectReview);
        return E.isLeft(who) ? failed(who.left) : { _tag: "Reviewed", username: who.right };
      }
      case "Request": {
        const { newServingKey } = await import("./serving_key.ts");
        const made = await newServingKey(options.nodeName, options.addresses);
        const asked = await ask(options, createServingRequest(btoa(made.request)), decodeServingRequest);
        if (E.isLeft(asked)) return failed(asked.left);
        key = made.key;
        return { _tag: "Requested", name: asked.right.name };
      }
      case "Look": {
        const found = await ask(options, getServingRequest(step.name), decodeServingRequest);
        return E.isLeft(found) ? failed(found.left) : newsOf(found.right.answer, key, options.serve);
      }
    }
  };
};

/** Says it in the log and, where it has a reason, in an event on the node (best-effort, as all events). */
const telling = ({ api, nodeName, clock, signal, logger }: ServingCertificateOptions) => {
  // the real kubelet gives the node's name for its UID too, and kubectl describe looks for both
  const about = { kind: "Node", ref: { namespace: "", name: nodeName, uid: nodeName } } as const;
  let memory = emptyRecorder;
  return async ({ level, message, reason }: ServingTold): Promise<void> => {
    logger?.log(level, message);
    if (reason === undefined) return;
    const event = { _tag: "EmitEvent", about, type: "Warning", reason, message } as const;
    const source = { component, host: nodeName };
    const [next, request] = recordEvent(memory, event, clock.now(), source);
    memory = next;
    if (request !== undefined) await api.send(request, signal);
  };
};

/**
 * Asks the cluster's signer `kubernetes.io/kubelet-serving` for a serving certificate, has it served when somebody has approved it,
 * and asks for the next in time; see `stepServing` for what is decided. Only under the identity `system:node:{nodeName}`: under
 * another it says so and resolves. Resolves when `signal` aborts; never rejects.
 */
export const keepServingCertificate = async (options: ServingCertificateOptions): Promise<void> => {
  const { nodeName, clock, signal, logger } = options;
  const carryOut = carrying(options);
  const tell = telling(options);
  let state = beginServing;
  while (state.step._tag !== "End") {
    await pause(clock, state.step.afterMs, signal);
    if (signal.aborted) return;
    const news = await carryOut(state.step).catch((error: unknown): ServingNews => {
      logger?.log("error", "a step towards a serving certificate failed", { error: String(error) });
      return failed({ _tag: "Unavailable", message: String(error) });
    });
    if (signal.aborted) return;
    const [next, say] = stepServing(state, news, clock.now(), nodeName);
    state = next;
    if (say !== undefined) await tell(say);
  }
};
