import type { Logger, Span, Telemetry } from "./ports.ts";

/** A library is silent until asked. */
export const noLogger: Logger = { log: () => {} };

const noSpan: Span = { end: () => {} };

/** Measures nothing, and costs next to nothing. */
export const noTelemetry: Telemetry = { span: () => noSpan, count: () => {} };
