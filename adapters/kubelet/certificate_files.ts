import type { Millis } from "../../core/time.ts";
import { pause } from "../pause.ts";
import type { Clock, Logger } from "../ports.ts";
import type { ServingCertificate } from "./certificate.ts";

/** What {@link followCertificate} needs. */
export interface FollowCertificateOptions {
  /** Reads the certificate and its key as they are now; may reject. */
  readonly read: () => Promise<ServingCertificate>;
  /** The one that is served now. */
  readonly first: ServingCertificate;
  /** Serves a certificate from now on; throws, and changes nothing, for one that cannot be served. */
  readonly serve: (certificate: ServingCertificate) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger?: Logger;
}

/** Files are read, not watched: mounted Secrets change by a link far above them. */
const periodMs: Millis = 10_000;

const textOf = ({ cert, key }: ServingCertificate): string => `${cert}\n${key}`;

/**
 * Looks every ten seconds whether an operator's certificate has changed, and has the new one served. One that cannot be (half
 * written, another's key) is told of once, and the one before is served on. Resolves when `signal` aborts; never rejects.
 */
export const followCertificate = async (options: FollowCertificateOptions): Promise<void> => {
  const { read, first, serve, clock, signal, logger } = options;
  let now = textOf(first);
  let trouble: string | undefined;
  const look = async (): Promise<void> => {
    const certificate = await read();
    const text = textOf(certificate);
    if (text !== now) {
      serve(certificate);
      logger?.log("info", "the serving certificate's files have changed: the new certificate is served");
    }
    now = text;
    trouble = undefined;
  };
  while (!signal.aborted) {
    await pause(clock, periodMs, signal);
    if (signal.aborted) return;
    await look().catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (message === trouble) return;
      trouble = message;
      logger?.log("warn", "the changed serving certificate cannot be used; the one before is served on", {
        error: message,
      });
    });
  }
};
