/** The door `durable-turns/otel`: turns as OpenTelemetry traces. Needs @opentelemetry/api. */
export { openTelemetry } from './open-telemetry.js';
export type { OpenTelemetryOptions } from './open-telemetry.js';
export type { Telemetry } from '../activities/telemetry.js';
