import type { ApiRequest } from "../../core/kubernetes/request.ts";
import type { Millis } from "../../core/time.ts";
import { mostAMinute, type RuleOptions } from "./call_rules.ts";
import { countOf, type View } from "./view.ts";

const keyOf = ({ method, path, query }: ApiRequest): string =>
  `${method} ${path}${query?.fieldSelector === undefined ? "" : `?${query.fieldSelector}`}`;

const isLease = ({ path }: ApiRequest): boolean => path.includes("/leases");

/** The longest that the network here takes with an answer, and the longest back-off of a lease. */
const answerMs: Millis = 31_000;
const leaseBackoffMs: Millis = 7_000;

/** Promise 10: the longest that a lease may go without an attempt to renew it. None waits longer for its answer than a period. */
const longestLeaseMs = ({ speaker: { node: { shape } } }: View): Millis =>
  Math.max(shape.leaseRenewMs, Math.min(shape.leaseRenewMs, answerMs) + leaseBackoffMs);

/** It may be silent as long as it takes its back end for dead, has no node, or is asked to stop. */
const mustRenew = ({ ledger }: RuleOptions, { speaker: { node }, isStopping, leaseAt }: View): boolean => {
  const since = ledger.nodeSince(node.name);
  return !isStopping && !(node.shape.hasPing && node.shape.onPingFailure === "silent") &&
    since !== undefined && leaseAt !== undefined && since < leaseAt;
};

const leaseProblem = (options: RuleOptions, view: View): string | undefined => {
  const late = options.now() - Math.max(view.leaseAt ?? 0, view.stalledUntil) - longestLeaseMs(view);
  return late > 0 && mustRenew(options, view)
    ? `promise 10: the lease was not renewed for ${longestLeaseMs(view) + late} ms`
    : undefined;
};

/** What must hold of every request that an agent makes, when it makes it. */
export const requestRules = (options: RuleOptions) => (view: View, request: ApiRequest): void => {
  const now = options.now();
  const isCounted = request.method !== "POST" && request.query?.continue === undefined &&
    // how often a provider of one's own has news is not the agent's fault
    !(view.speaker.node.isOwn && request.method === "PATCH");
  const isHot = isCounted && countOf(view, keyOf(request), now) > mostAMinute;
  const problems = [
    isLease(request) ? leaseProblem(options, view) : undefined,
    isHot ? `promise 8: ${keyOf(request)} more than ${mostAMinute} times a minute` : undefined,
  ];
  for (const problem of problems) {
    if (problem !== undefined) options.fail(`${view.speaker.name}: ${problem}`);
  }
  if (isLease(request)) view.leaseAt = now;
};

/** Promise 10, for agents that have fallen silent. */
export const silenceProblems = (options: RuleOptions, views: Iterable<View>): readonly string[] => {
  const problems: string[] = [];
  for (const view of views) {
    const problem = leaseProblem(options, view);
    if (problem !== undefined) problems.push(`${view.speaker.name}: ${problem}`);
  }
  return problems;
};
