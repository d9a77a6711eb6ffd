import * as E from "fp-ts/lib/Either.js";
import { type Fields, fieldsOf, listIn, numberIn, textIn } from "../fields.ts";
import { allContainers } from "../objects/references.ts";
import { fieldValue } from "../pod/field_ref.ts";
import { resourceValue } from "../pod/resource_field_ref.ts";
import { addFile, refuse, type VolumeWork } from "./work.ts";

const itemText = ({ pod, given }: VolumeWork, item: Fields): E.Either<string, string> => {
  if (item.resourceFieldRef !== undefined) {
    const selector = fieldsOf(item.resourceFieldRef);
    return resourceValue(undefined, allContainers(pod.spec), selector, given.allocatable);
  }
  const found = fieldValue(pod, fieldsOf(item.fieldRef));
  if (E.isLeft(found)) return found;
  return "text" in found.right
    ? E.right(found.right.text)
    : E.left(`${found.right.late} can be in the environment, not in files`);
};

/** The files of the downward API, as a volume of its own or projected. Labels and annotations are followed. */
export const addDownwardFiles = (work: VolumeWork, field: string, source: Fields): void => {
  for (const [at, item] of listIn(source, "items").map(fieldsOf).entries()) {
    const where = `${field}.items[${at}]`;
    const text = itemText(work, item);
    if (E.isLeft(text)) refuse(work, where, text.left);
    else {
      work.versions.push(text.right);
      addFile(
        work,
        where,
        textIn(item, "path") ?? "",
        numberIn(item, "mode"),
        new TextEncoder().encode(text.right),
      );
    }
  }
};
