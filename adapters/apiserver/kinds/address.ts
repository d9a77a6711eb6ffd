const byte = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const v4 = new RegExp(`^${byte}(?:\\.${byte}){3}$`);

export const isV4 = (text: string): boolean => v4.test(text);

const isV6 = (text: string): boolean => {
  const mapped = /^(.*:)([\d.]+)$/.exec(text);
  const tail = mapped?.[2]?.includes(".") === true ? mapped[2] : undefined;
  if (tail !== undefined && !isV4(tail)) return false;
  // an embedded IPv4 address stands for two groups
  const plain = tail === undefined ? text : `${mapped?.[1]}0:0`;
  const halves = plain.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => half === "" ? [] : half.split(":"));
  return groups.every((group) => /^[\da-fA-F]{1,4}$/.test(group)) &&
    (halves.length === 2 ? groups.length < 8 : groups.length === 8);
};

/** An IPv4 or IPv6 address. */
export const isAddress = (text: string): boolean => isV4(text) || isV6(text);

/** Whether a list has no more than one address of each family. */
export const isDualStack = (addresses: readonly string[]): boolean => {
  const four = addresses.filter((address) => isV4(address)).length;
  return four <= 1 && addresses.length - four <= 1;
};
