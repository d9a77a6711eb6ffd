import { parseQuantity } from "../../../../core/kubernetes/quantity.ts";
import { entriesAt, objectsAt, textAt } from "../../kinds/fields.ts";
import type { ApiObject, Json, JsonObject } from "../../object.ts";

/** Resources as whole numbers: cpu in thousandths, everything else in its own unit. What is not there is 0. */
export type Amounts = Readonly<Record<string, number>>;

export const noAmounts: Amounts = {};

const billionth = 1_000_000_000n, millionth = 1_000_000n;

const amountOf = (name: string, quantity: Json): number => {
  const exact = parseQuantity(`${quantity}`) ?? 0n;
  const unit = name === "cpu" ? millionth : billionth;
  return Number((exact + unit - 1n) / unit);
};

/** A `ResourceList` of the API. */
export const amountsAt = (json: Json | undefined, ...path: readonly string[]): Amounts => {
  const entries = entriesAt(json, ...path);
  return entries.length === 0
    ? noAmounts
    : Object.fromEntries(entries.map(([name, quantity]) => [name, amountOf(name, quantity)]));
};

const combined = (a: Amounts, b: Amounts, combine: (a: number, b: number) => number): Amounts => {
  if (b === noAmounts) return a;
  const result: Record<string, number> = { ...a };
  for (const name of Object.keys(b)) result[name] = combine(result[name] ?? 0, b[name] ?? 0);
  return result;
};

export const plus = (a: Amounts, b: Amounts): Amounts => combined(a, b, (x, y) => x + y);
export const minus = (a: Amounts, b: Amounts): Amounts => combined(a, b, (x, y) => x - y);
const larger = (a: Amounts, b: Amounts): Amounts => combined(a, b, Math.max);

const requestsOf = (container: JsonObject): Amounts => amountsAt(container, "resources", "requests");

/** Init containers run one after the other, beside those before them that go on running. */
const initRequests = (
  containers: readonly JsonObject[],
): { readonly peak: Amounts; readonly staying: Amounts } => {
  let peak = noAmounts, staying = noAmounts;
  for (const container of containers) {
    const requests = requestsOf(container);
    if (textAt(container, "restartPolicy") === "Always") {
      staying = plus(staying, requests);
      peak = larger(peak, staying);
    } else peak = larger(peak, plus(staying, requests));
  }
  return { peak, staying };
};

/** What a pod asks of a node (`PodRequests` of the API's resource helpers, without resizes in progress). */
export const podRequests = (pod: ApiObject): Amounts => {
  const running = objectsAt(pod, "spec", "containers").map(requestsOf).reduce(plus, noAmounts);
  const { peak, staying } = initRequests(objectsAt(pod, "spec", "initContainers"));
  const ofContainers = larger(plus(running, staying), peak);
  const ofPod = amountsAt(pod, "spec", "resources", "requests");
  return plus(
    ofPod === noAmounts ? ofContainers : { ...ofContainers, ...ofPod },
    amountsAt(pod, "spec", "overhead"),
  );
};
