/** What the activities of a worker share. */
import type { Registry } from '../agents/registry.js';
import type { ModelClient } from './model-client.js';
import type { Telemetry } from './telemetry.js';

export interface ActivityDeps {
  readonly registry: Registry;
  /** Made at the first use: a worker whose agents all bring a client of their own needs none. */
  readonly openai: () => ModelClient;
  /** Aborted when the worker begins to stop. */
  readonly stopping: () => AbortSignal;
  /** Temporal identity of the worker, for `attempt_started`. */
  readonly identity: () => string;
  readonly telemetry: Telemetry;
}
