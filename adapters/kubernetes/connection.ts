import type { TokenSource } from "./token.ts";

/** A client certificate with its key, both PEM. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** How the server is reached and trusted, and who we are to it, below HTTP. */
export interface TransportOptions {
  /** PEM. On Node the only authorities that are trusted; on Deno besides the built-in ones. */
  readonly ca?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  /** The name that the server's certificate must bear, if it is not the host of `server`. */
  readonly serverName?: string;
  /** Trust any server. For trying things out only. */
  readonly insecureSkipTlsVerify?: boolean;
  /** `http://`, `https://` or `socks5://` proxy. */
  readonly proxyUrl?: string;
}

/** Everything needed to speak to an API server, as data, besides the sources of what changes with time. */
export interface Connection extends TransportOptions {
  readonly server: string;
  /** The namespace that this connection is at home in. */
  readonly namespace?: string;
  readonly tokenSource?: TokenSource;
  /**
   * Instead of `clientCertificate` and `clientKey`, where they are renewed. Asked before a request when the last answer is
   * a minute old, and after a 401.
   */
  readonly clientCertificateSource?: () => Promise<ClientCertificate | undefined>;
  /** Sent with every request (impersonation, basic authentication). */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A connection cannot be made as asked. The message says what is wrong, where, and what to do. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}

/** What a person gives to connect without any file. */
export interface ExplicitConnection extends TransportOptions {
  /** `https://host:port`, perhaps with a path. */
  readonly server: string;
  readonly namespace?: string;
  readonly token?: string;
  readonly tokenSource?: TokenSource;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Checks what cannot work, so that it is said once, at the start. Throws {@link ConnectionError}. */
export const checkConnection = (connection: Connection, from: string): Connection => {
  const { server } = connection;
  if (!URL.canParse(server) || !/^https?:\/\//.test(server)) {
    throw new ConnectionError(
      `${from}: the server must be a URL like https://host:6443, not ${JSON.stringify(server)}`,
    );
  }
  const url = new URL(server);
  if (url.username !== "" || url.password !== "") {
    throw new ConnectionError(
      `${from}: the server's URL must hold no user or password; give a token or a certificate`,
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw new ConnectionError(`${from}: the server's URL ${url.origin} must have no query or fragment`);
  }
  if ((connection.clientCertificate === undefined) !== (connection.clientKey === undefined)) {
    throw new ConnectionError(
      `${from}: a client certificate needs its key, and a key its certificate; one is missing`,
    );
  }
  return { ...connection, server: server.replace(/\/+$/, "") };
};

/** A {@link Connection} from what is given. Throws {@link ConnectionError} for what cannot work. */
export const explicitConnection = (given: ExplicitConnection): Connection => {
  const { token, tokenSource, ...rest } = given;
  const source = tokenSource ?? (token === undefined ? undefined : () => Promise.resolve(token));
  return checkConnection({ ...rest, ...(source === undefined ? {} : { tokenSource: source }) }, "connection");
};
