import type { Field, Struct } from "./types.ts";

/** Where a value is in an object, told from the inside out. */
export interface Place {
  readonly parent: Place | undefined;
  readonly step: string | number;
  /** Set on a field of a struct. */
  readonly struct?: Struct;
  readonly field?: Field;
}

export const child = (parent: Place | undefined, step: string | number): Place => ({ parent, step });

export const fieldPlace = (parent: Place | undefined, struct: Struct, field: Field): Place => ({
  parent,
  step: field.name,
  struct,
  field,
});

/** `spec.containers[0].image`. */
export const pathOf = (place: Place | undefined): string => {
  if (place === undefined) return "";
  const before = pathOf(place.parent);
  if (typeof place.step === "number") return `${before}[${place.step}]`;
  return before === "" ? place.step : `${before}.${place.step}`;
};

const goPath = (place: Place | undefined): string => {
  if (place === undefined) return "";
  const before = goPath(place.parent);
  if (place.field === undefined) return before;
  const own = place.field.embedded === undefined ? place.step : `${place.field.embedded}.${place.step}`;
  return before === "" ? `${own}` : `${before}.${own}`;
};

const structAt = (place: Place | undefined): string =>
  place === undefined ? "" : place.struct?.name.replace(/^\w+\./, "") ?? structAt(place.parent);

/** `HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port`: the innermost struct, then the fields. */
export const goPlace = (place: Place | undefined): string => `${structAt(place)}.${goPath(place)}`;
