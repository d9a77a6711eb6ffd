import fc from "fast-check";
import type { ResourceList } from "../../core/kubernetes/node.ts";
import { anyMap, anyOf } from "./record.ts";

const suffixes = [
  ...["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"],
  ...["e3", "E3", "e-3", "e+2", "E0"],
] as const;

/** The same few amounts, written in several ways: often equal to one another. */
export const anyAmount: fc.Arbitrary<string> = anyOf(
  ...["1", "1000m", "1e0", "2", "2000m", "0.5", "500m", ".5", "4Gi", "4096Mi", "4194304Ki"],
  ...["1e3", "1k", "1000", "0", "0Ki", "110"],
);

/** `resource.Quantity` as a text, in every form that the API server reads. */
export const anyQuantity: fc.Arbitrary<string> = fc.oneof(
  anyAmount,
  fc.tuple(
    anyOf("", "", "", "+", "-"),
    fc.nat({ max: 99_999 }).map(String),
    fc.oneof(fc.constant(""), fc.nat({ max: 9_999 }).map((digits) => `.${digits}`), fc.constant(".")),
    anyOf(...suffixes),
  ).map((parts) => parts.join("")),
);

/** Texts that look like quantities and are none. */
export const anyNoQuantity: fc.Arbitrary<string> = anyOf(
  ...[
    "",
    "-",
    ".",
    "m",
    "1KB",
    "1 Gi",
    "0x10",
    "1e",
    "1e+",
    "1ee3",
    "Infinity",
    "NaN",
    "1,5",
    "--1",
    "1Gib",
    "ä",
  ],
);

/** Amounts of resources, as the capacity of a node or the requests of a container. */
export const anyResources: fc.Arbitrary<ResourceList> = anyMap(
  anyOf("cpu", "memory", "ephemeral-storage", "x.io/gpu"),
  anyAmount,
);
