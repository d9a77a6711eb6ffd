/** JSON with sorted keys and without `undefined`: equal values give equal text. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, field]) => field !== undefined).sort(([a], [b]) =>
    a < b ? -1 : 1
  );
  return `{${entries.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(",")}}`;
};

/** FNV-1a over UTF-16 code units: 32 bits, the same on every runtime. Not for secrets. */
export const hash32 = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};

const hex = (half: number): string => (half >>> 0).toString(16).padStart(8, "0");

/** A short name of a text, the same on every runtime and in every run: 16 hexadecimal digits. */
export const hashText = (text: string): string => {
  let left = 0x811c9dc5;
  let right = 0x9747b28c;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    left = Math.imul(left ^ code, 0x01000193);
    right = Math.imul(right ^ code, 0x85ebca6b) ^ (right >>> 13);
  }
  // joined, not added: a text that was added up keeps its parts in memory
  return [hex(left), hex(right)].join("");
};

/** The same of a JSON value, whatever the order of its keys. */
export const hashJson = (value: unknown): string => hashText(canonicalJson(value));
