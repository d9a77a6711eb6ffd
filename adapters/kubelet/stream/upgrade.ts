import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import * as E from "fp-ts/lib/Either.js";
import { type WebSocket, WebSocketServer } from "ws";
import type { Refusal } from "../../../core/kubelet/log_options.ts";
import { listedProtocols, negotiate } from "../../../core/stream/negotiate.ts";
import type { ForwardMachine } from "../../../core/stream/port_forward/machine.ts";
import { spdyForward, spdyForwardProtocol } from "../../../core/stream/port_forward/spdy.ts";
import {
  forwardCoding,
  readForwardPorts,
  tunnelProtocol,
  webSocketForward,
  webSocketForwardProtocols,
} from "../../../core/stream/port_forward/websocket.ts";
import type { CommandMachine } from "../../../core/stream/remote_command/machine.ts";
import type { CommandRequest } from "../../../core/stream/remote_command/request.ts";
import { spdyCommand, spdyCommandProtocols } from "../../../core/stream/remote_command/spdy.ts";
import {
  webSocketCommand,
  webSocketCommandProtocols,
} from "../../../core/stream/remote_command/websocket.ts";
import { inflate } from "./inflate.ts";
import { spdyWire } from "./spdy_wire.ts";
import type { StreamUpgrade } from "./stream_upgrade.ts";
import { webSocketWire } from "./websocket_wire.ts";
import type { Wire } from "./wire.ts";

/** An upgrade request with the types that it has. */
export interface NodeUpgrade extends StreamUpgrade {
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
}

/** Switches the protocol and serves. */
export type Accepted = () => void;

type Answer = E.Either<Refusal & { readonly headers?: Readonly<Record<string, string>> }, Accepted>;

/** As large as a SPDY frame may be: one message is held in memory. */
const maxMessageBytes = 16_777_216;

const has = (header: string | undefined, token: string): boolean =>
  (header ?? "").toLowerCase().includes(token);

/** Which protocol a request wants to switch to; by containment, as Kubernetes looks. */
const wanted = ({ headers }: IncomingMessage): "SPDY" | "WebSocket" | undefined => {
  if (!has(headers.connection, "upgrade")) return undefined;
  if (has(headers.upgrade, "spdy/3.1")) return "SPDY";
  return has(headers.upgrade, "websocket") ? "WebSocket" : undefined;
};

const noUpgrade: Answer = E.left({
  status: 400,
  message:
    "unable to upgrade: this node speaks SPDY/3.1 and WebSocket; ask with Connection: Upgrade and one of them",
});

const noCommon = (offered: readonly string[], supported: readonly string[]): Answer =>
  E.left({
    status: 403,
    message: `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(" ")}], ` +
      `server accepts [${supported.join(" ")}]`,
    headers: { "x-accepted-stream-protocol-versions": supported.join(", ") },
  });

const versionHeader = "x-stream-protocol-version";

/** Negotiates a protocol over SPDY. Nothing may be sent right behind the 101: client-go would lose it. */
const acceptSpdy = <A extends string>(
  { incoming, socket, head }: NodeUpgrade,
  supported: readonly A[],
  serve: (wire: Wire, protocol: A) => void,
): Answer => {
  const given = incoming.headers[versionHeader];
  const offered = listedProtocols(Array.isArray(given) ? given.join(",") : given);
  if (offered.length === 0) {
    return E.left({
      status: 400,
      message: "unable to upgrade: X-Stream-Protocol-Version header is required",
    });
  }
  const protocol = negotiate(offered, supported);
  if (protocol === undefined) return noCommon(offered, supported);
  return E.right(() => {
    const answer = ["HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: SPDY/3.1"];
    socket.write([...answer, `X-Stream-Protocol-Version: ${protocol}`, "", ""].join("\r\n"));
    serve(spdyWire(socket, head), protocol);
  });
};

const offeredIn = ({ headers }: IncomingMessage): readonly string[] =>
  listedProtocols(headers["sec-websocket-protocol"]);

/** What is negotiated here: `ws` takes Kubernetes' `SPDY/3.1+…` for no name of a protocol. */
const chosen = new WeakMap<IncomingMessage, string>();

const webSockets = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: maxMessageBytes,
}).on("headers", (headers, request) => {
  const protocol = chosen.get(request);
  if (protocol !== undefined) headers.push(`Sec-WebSocket-Protocol: ${protocol}`);
});

/** Negotiates a protocol over WebSocket; `unnamed` is meant by a client that names none. */
const acceptWebSocket = <A extends string>(
  { incoming, socket, head }: NodeUpgrade,
  supported: readonly A[],
  unnamed: A,
  serve: (socket: WebSocket, protocol: A) => void,
): Answer => {
  const offered = offeredIn(incoming);
  const protocol = offered.length === 0 ? unnamed : negotiate(offered, supported);
  if (protocol === undefined) return noCommon(offered, supported);
  if (incoming.method !== "GET") return E.left({ status: 405, message: "405: a WebSocket begins with GET" });
  return E.right(() => {
    if (offered.length > 0) chosen.set(incoming, protocol);
    delete incoming.headers["sec-websocket-protocol"];
    webSockets.handleUpgrade(incoming, socket, Buffer.from(head), (opened) => serve(opened, protocol));
  });
};

/** How a command's streams are to be spoken. Left: why not. */
export const acceptCommand = (
  upgrade: NodeUpgrade,
  request: CommandRequest,
  serve: <S>(wire: Wire, machine: CommandMachine<S>) => void,
): Answer => {
  switch (wanted(upgrade.incoming)) {
    case undefined:
      return noUpgrade;
    case "SPDY":
      return acceptSpdy(
        upgrade,
        spdyCommandProtocols,
        (wire, protocol) => serve(wire, spdyCommand(inflate, request, protocol)),
      );
    case "WebSocket":
      return acceptWebSocket(
        upgrade,
        webSocketCommandProtocols,
        "channel.k8s.io",
        (socket, protocol) =>
          serve(webSocketWire(socket, upgrade.socket, "messages"), webSocketCommand(request, protocol)),
      );
  }
};

/** How a port-forward is to be spoken. Left: why not. */
export const acceptForward = (
  upgrade: NodeUpgrade,
  query: URLSearchParams,
  serve: <S>(wire: Wire, machine: ForwardMachine<S>) => void,
): Answer => {
  switch (wanted(upgrade.incoming)) {
    case undefined:
      return noUpgrade;
    case "SPDY":
      return acceptSpdy(upgrade, [spdyForwardProtocol], (wire) => serve(wire, spdyForward(inflate)));
    case "WebSocket":
      return acceptForwardSocket(upgrade, query, serve);
  }
};

const acceptForwardSocket = (
  upgrade: NodeUpgrade,
  query: URLSearchParams,
  serve: <S>(wire: Wire, machine: ForwardMachine<S>) => void,
): Answer => {
  if (
    negotiate(offeredIn(upgrade.incoming), [tunnelProtocol, ...webSocketForwardProtocols]) === tunnelProtocol
  ) {
    return acceptWebSocket(
      upgrade,
      [tunnelProtocol],
      tunnelProtocol,
      (socket) => serve(webSocketWire(socket, upgrade.socket, "bytes"), spdyForward(inflate)),
    );
  }
  const [first] = webSocketForwardProtocols;
  const protocol = negotiate(offeredIn(upgrade.incoming), webSocketForwardProtocols) ?? first;
  const ports = readForwardPorts(query, forwardCoding(protocol));
  if (E.isLeft(ports)) return ports;
  return acceptWebSocket(
    upgrade,
    webSocketForwardProtocols,
    first,
    (socket, chosen) =>
      serve(webSocketWire(socket, upgrade.socket, "messages"), webSocketForward(ports.right, chosen)),
  );
};
