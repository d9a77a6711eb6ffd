import fc from "fast-check";
import { formatTime, type Millis, type Now } from "../../core/time.ts";

/** The wall time at which the monotonic clock shows 0: 2026-01-01T00:00:00Z. All times are drawn near it. */
export const epoch: Millis = Date.UTC(2026, 0, 1);

/** Both clocks, `seconds` after {@link epoch}. */
export const momentOf = (seconds: number): Now => ({ mono: seconds * 1000, wall: epoch + seconds * 1000 });

/** Around this many seconds after {@link epoch} things happen: most of {@link anySeconds} are before it, some after. */
export const midSeconds = 100;

/** Whole seconds since {@link epoch}: few enough that two of them are often equal. */
export const anySeconds: fc.Arbitrary<number> = fc.integer({ min: 0, max: 130 });

/** A time on the monotonic clock. */
export const anyMono: fc.Arbitrary<Millis> = anySeconds.map((seconds) => seconds * 1000);

/** A Unix time in milliseconds. */
export const anyWall: fc.Arbitrary<Millis> = anySeconds.map((seconds) => epoch + seconds * 1000);

/** Both clocks at one moment. */
export const anyNow: fc.Arbitrary<Now> = anySeconds.map(momentOf);

/** `metav1.Time` as the API server writes it. */
export const anyTime: fc.Arbitrary<string> = anyWall.map(formatTime);
