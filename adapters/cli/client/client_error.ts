/** A command cannot do what it was asked; the message is for the person who asked. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  /** The status of the answer, when there was one. */
  readonly status: number | undefined;

  constructor(message: string, options: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = options.status;
  }
}
