import * as E from "fp-ts/lib/Either.js";
import { type Fields, fieldsOf, textIn } from "../fields.ts";
import type { Container } from "../kubernetes/container.ts";
import type { ResourceList } from "../kubernetes/node.ts";
import { parseQuantity } from "../kubernetes/quantity.ts";

const divideUp = (value: bigint, by: bigint): bigint => (value + by - 1n) / by;

const amountIn = (list: unknown, resource: string): bigint | undefined => {
  const value = fieldsOf(list)[resource];
  return typeof value === "string" || typeof value === "number" ? parseQuantity(String(value)) : undefined;
};

/** The kubelet counts processors in thousandths, and everything else in whole units. */
const unitOf = (resource: string): bigint => resource === "cpu" ? 1_000_000n : 1_000_000_000n;

/** Limits that are not set are the node's allocatable (Kubernetes docs, "Downward API"); huge pages have no such default. */
const amountOf = (
  container: Container,
  list: "limits" | "requests",
  resource: string,
  allocatable: ResourceList,
): bigint => {
  const own = amountIn(fieldsOf(container.resources)[list], resource) ?? 0n;
  const defaults = list === "limits" && own === 0n && !resource.startsWith("hugepages-");
  return defaults ? amountIn(allocatable, resource) ?? 0n : own;
};

const pattern = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/;

/**
 * The value of a `ResourceFieldSelector`: the amount divided by `divisor` (absent or 0: 1), rounded up. `own` is the
 * container that asks. Left: why there is none, which only another spec can change.
 */
export const resourceValue = (
  own: Container | undefined,
  containers: readonly Container[],
  selector: Fields,
  allocatable: ResourceList,
): E.Either<string, string> => {
  const name = textIn(selector, "containerName") ?? "";
  const container = name === "" ? own : containers.find((each) => each.name === name);
  if (container === undefined) return E.left(`container ${name} not found`);
  const asked = textIn(selector, "resource") ?? "";
  const [, list, resource] = pattern.exec(asked) ?? [];
  if (resource === undefined) return E.left(`unsupported container resource: ${asked}`);
  const given = selector.divisor;
  const divisor = given === undefined ? 0n : parseQuantity(String(given));
  if (divisor === undefined || divisor < 0n) return E.left(`the divisor is not an amount: ${String(given)}`);
  const unit = unitOf(resource);
  const amount = divideUp(amountOf(container, list as "limits" | "requests", resource, allocatable), unit);
  const by = divideUp(divisor === 0n ? 1_000_000_000n : divisor, unit);
  return E.right(String(amount < 0n ? 0n : divideUp(amount, by)));
};
