/** Requests that are to fail before anything is done. */
export interface PlannedFault {
  /** How many more. */
  readonly times: number;
  readonly code: 429 | 500 | 503;
  /** With 429 and 503. */
  readonly retryAfterSeconds?: number;
  /** Absent: any method. */
  readonly method?: string;
  /** Beginning of the path; absent: any. */
  readonly path?: string;
}
