/** A port number from its digits; `undefined`: it is none from 1 to 65535. */
export const portOf = (text: string | undefined): number | undefined => {
  const port = Number(text);
  return text !== undefined && /^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535 ? port : undefined;
};
