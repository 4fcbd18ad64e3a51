// An embedded Temporal server, for tests, examples, the bench and the command line.

export { TemporalStartError, startTemporal } from './temporal-server.js';
export { TemporalCliNotFoundError } from './temporal-cli.js';
export { startSampleWorker } from './sample-worker.js';
export { freePort } from './free-port.js';
export { defaultCacheDir } from './cache.js';
export { startProcess } from './server-process.js';
export type { EmbeddedTemporal, StartTemporalOptions } from './temporal-server.js';
export type { ServerProcess } from './server-process.js';
export type { CliAttempt } from './temporal-cli.js';
