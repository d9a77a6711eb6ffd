const offset = 0x811c9dc5;
const prime = 0x01000193;

/** FNV-1a of a text, in hexadecimal: another text has another one, as good as always. */
export const contentHash = (text: string): string => {
  let hash = offset;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), prime);
  return (hash >>> 0).toString(16).toUpperCase().padStart(8, "0");
};
