// What of kubectl's output is of a time, a place or by chance, is called by its kind: what is left must be equal.

const rules: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "UID"],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "TIME"],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, "TIME"],
  [/\bprocess:\/\/[\w-]+/g, "CONTAINER"],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, "TIME"],
  [/\bkube-api-access-\w{5}\b/g, "TOKEN-VOLUME"],
  [/\b(resourceVersion"?): "\d+"/g, "$1: REVISION"],
  // ages: 5s, 2m10s, <invalid>
  [/(?<![\w.:/-])(\d+[dhms])+(?![\w.:/-])|<invalid>/g, "AGE"],
  [/\bfile:\/\/\/\S+|\/tmp\/[\w./-]+/g, "PATH"],
  [/\b127\.0\.0\.1:\d+/g, "ADDRESS"],
  [/(kubelet Port|"?Port"?): +\d+/g, "$1: PORT"],
  [/X509SHA256=[0-9a-f]+/g, "FINGERPRINT"],
  // widths of columns are those of ages and names
  [/[ \t]+/g, " "],
  [/ +$/gm, ""],
];

/** Output with everything of chance taken out. */
export const normalText = (text: string): string =>
  rules.reduce((rest, [pattern, by]) => rest.replace(pattern, by), text);

type Json = unknown;

const volatile: ReadonlySet<string> = new Set([
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "deletionTimestamp",
  "time",
  "containerID",
  "managedFields",
  // of clients of long ago: the real cluster's controllers set them
  "node.alpha.kubernetes.io/ttl",
  "beta.kubernetes.io/arch",
  "beta.kubernetes.io/os",
]);

/** An object without what is of a time, a place or by chance; fields in the order of their names. */
export const normalJson = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(normalJson);
  if (typeof value === "string") return normalText(value);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !volatile.has(name));
  return Object.fromEntries(
    entries.sort(([a], [b]) => a < b ? -1 : 1).map((
      [name, field],
    ) => [name, name === "Port" ? "PORT" : normalJson(field)]),
  );
};
