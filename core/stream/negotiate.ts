/** The subprotocols of a header that may be repeated and may hold lists. */
export const listedProtocols = (header: string | null | undefined): readonly string[] =>
  (header ?? "").split(",").map((protocol) => protocol.trim()).filter((protocol) => protocol !== "");

/** The first of the client's protocols that the server has. */
export const negotiate = <A extends string>(
  offered: readonly string[],
  supported: readonly A[],
): A | undefined =>
  offered.map((each) => supported.find((known) => known === each)).find((found) => found !== undefined);
