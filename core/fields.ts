/** The fields of a JSON object of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;

const none: Fields = {};

/** The fields of a value; none, when it is no object. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value as Fields : none;

/** The text in a field; `undefined`, when there is none. */
export const textIn = (fields: Fields, name: string): string | undefined => {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === "string" ? value : undefined;
};

/** The items of a list in a field. */
export const listIn = (fields: Fields, name: string): readonly unknown[] => {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return Array.isArray(value) ? value : [];
};

/** The number in a field; `undefined`, when there is none. */
export const numberIn = (fields: Fields, name: string): number | undefined => {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
};
