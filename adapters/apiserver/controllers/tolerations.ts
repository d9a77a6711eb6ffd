import type { Taint } from "../../../core/kubernetes/node.ts";
import { listAt } from "../kinds/fields.ts";
import type { ApiObject } from "../object.ts";

/** `v1.Toleration`. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

// The kinds have checked what is stored, so that these are what they are said to be.
export const tolerationsOf = (pod: ApiObject): readonly Toleration[] =>
  listAt(pod, "spec", "tolerations") as unknown as readonly Toleration[];

const whole = /^(0|-?[1-9]\d*)$/;

const compares = (operator: "Lt" | "Gt", taint: string, toleration: string): boolean => {
  if (!whole.test(taint) || !whole.test(toleration)) return false;
  const left = BigInt(taint), right = BigInt(toleration);
  return operator === "Lt" ? left < right : left > right;
};

/** Whether a toleration is one of this taint (`ToleratesTaint` of the API). */
export const tolerates = (toleration: Toleration, taint: Taint): boolean => {
  const { key = "", operator = "Equal", value = "", effect = "" } = toleration;
  if (effect !== "" && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  switch (operator) {
    case "":
    case "Equal":
      return value === (taint.value ?? "");
    case "Exists":
      return true;
    case "Lt":
    case "Gt":
      return compares(operator, taint.value ?? "", value);
    default:
      return false;
  }
};

/** Whether one of the tolerations is of this taint. */
export const isTolerated = (tolerations: readonly Toleration[], taint: Taint): boolean =>
  tolerations.some((toleration) => tolerates(toleration, taint));

/**
 * For how many seconds a pod may stay on a node with these `NoExecute` taints: 0 when it does not tolerate one of them,
 * `undefined` when it may stay for ever.
 */
export const secondsTolerated = (
  tolerations: readonly Toleration[],
  taints: readonly Taint[],
): number | undefined => {
  if (taints.some((taint) => !isTolerated(tolerations, taint))) return 0;
  const seconds = tolerations
    .filter((toleration) => taints.some((taint) => tolerates(toleration, taint)))
    .flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
  return seconds.length === 0 ? undefined : Math.max(0, Math.min(...seconds));
};
