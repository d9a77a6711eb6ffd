import type { Marks } from "./marks.ts";
import type { Random } from "./random.ts";

/** What a server says as an event of a watch whose place in the history is gone. */
export const errorLine: string = `${
  JSON.stringify({
    type: "ERROR",
    object: {
      kind: "Status",
      apiVersion: "v1",
      status: "Failure",
      reason: "Expired",
      code: 410,
      message: "sim: too old resource version",
    },
  })
}\n`;

/** A line of a watch that is no event of today, or none at all. */
export const strangeLine = (random: Random, marks: Marks): string => {
  if (random.chance(0.5)) {
    marks.hit("watch: an event of an unknown type");
    return `${JSON.stringify({ type: "FUTURE", object: { kind: "Pod", metadata: {} } })}\n`;
  }
  marks.hit("watch: a line that is no event");
  return `${random.pick(["<html>", "null", '"ADDED"', "{"])}\n`;
};

/** Objects with fields that nobody knows yet. */
export const fromTheFuture = (text: string, marks: Marks): string => {
  marks.hit("object: fields of the future");
  return text.replaceAll('"metadata":{', '"fromTheFuture":{"of":[1,null,"é漢"]},"metadata":{');
};

/** Annotated with this, a pod reaches agents in a form that they cannot read. */
export const unreadableMark = "sim/unreadable";

interface Wire {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly object?: Wire;
  readonly items?: readonly Wire[];
}

const isMarked = ({ metadata }: Wire): boolean => metadata?.annotations?.[unreadableMark] === "true";

const spoilt = (wire: Wire): Wire => {
  if (wire.object !== undefined) return { ...wire, object: spoilt(wire.object) };
  if (wire.items !== undefined) return { ...wire, items: wire.items.map(spoilt) };
  return isMarked(wire) ? { ...wire, spec: { containers: "none" } } as Wire : wire;
};

/** The lines, or the one list, with the objects that are marked so made unreadable. */
export const unreadable = (text: string, marks: Marks): string => {
  if (!text.includes(`"${unreadableMark}":"true"`)) return text;
  marks.hit("object: cannot be read");
  return text.split("\n").map((line) => line === "" ? "" : JSON.stringify(spoilt(JSON.parse(line) as Wire)))
    .join("\n");
};
