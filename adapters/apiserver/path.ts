const most = 1_024;
const known = new Map<string, readonly string[]>();

/** The segments of a path as they are on the wire, without empty ones. Most requests come again and again by the same paths. */
export const segmentsOfPath = (path: string): readonly string[] => {
  const before = known.get(path);
  if (before !== undefined) return before;
  const segments = path.split("/").filter((part) => part !== "");
  if (known.size >= most) known.clear();
  known.set(path, segments);
  return segments;
};
