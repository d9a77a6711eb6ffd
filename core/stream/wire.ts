/** What a machine wants done with its connection. */
export type WireEvent =
  /** To be sent: bytes of a SPDY connection, or one WebSocket message (a text one when it is a string). */
  | { readonly _tag: "Write"; readonly data: Uint8Array | string }
  /** Nothing more is sent: the client is to close, and is not waited for long. `code` is a WebSocket's (RFC 6455, 7.4). */
  | { readonly _tag: "Close"; readonly code: 1000 | 1002; readonly reason: string }
  /** The client is gone, or has broken the protocol: whatever was begun for it is to end. */
  | { readonly _tag: "Left"; readonly why: string };

export const write = (data: Uint8Array | string): WireEvent => ({ _tag: "Write", data });

/** The end that a client has brought about by what it sent. */
export const brokenBy = (why: string): readonly WireEvent[] => [
  { _tag: "Left", why },
  { _tag: "Close", code: 1002, reason: why },
];

/** The end that all is well with. */
export const done: WireEvent = { _tag: "Close", code: 1000, reason: "" };

export const clientLeft: WireEvent = { _tag: "Left", why: "the client ended the connection" };
