import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { selfSignedCertificate } from "../../../adapters/kubelet/certificate.ts";

/** A request that a node was asked. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  /** Whom its client certificate names. */
  readonly subject: { readonly CN?: string; readonly O?: string } | undefined;
}

/** A kubelet API that answers what the test says, and remembers what it was asked. */
export interface StubNode {
  readonly port: number;
  readonly asked: readonly Asked[];
  close(): void;
}

export interface StubAnswers {
  readonly request: (incoming: IncomingMessage, out: ServerResponse) => void;
  readonly upgrade?: (incoming: IncomingMessage, socket: Duplex, head: Uint8Array) => void;
}

/** On a free port of this machine. */
export const startStubNode = async ({ request, upgrade }: StubAnswers): Promise<StubNode> => {
  const certificate = await selfSignedCertificate({ nodeName: "stub", addresses: ["127.0.0.1"] });
  const asked: Asked[] = [];
  const server = createServer({
    ...certificate,
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: ["http/1.1"],
  });
  const note = (incoming: IncomingMessage): void => {
    const { method = "", url = "", headers, socket } = incoming;
    const { subject } = (socket as TLSSocket).getPeerCertificate() ?? {};
    asked.push({ method, url, headers, subject: subject as Asked["subject"] });
  };
  const sockets = new Set<Duplex>();
  server.on("secureConnection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("request", (incoming, out) => {
    note(incoming);
    request(incoming, out);
  });
  server.on("upgrade", (incoming, socket, head) => {
    note(incoming);
    if (upgrade === undefined) socket.destroy();
    else upgrade(incoming, socket, head);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
};
