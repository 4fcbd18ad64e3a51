/**
 * The door `durable-turns/testing`: a server with the wire of the Responses API and a script for a model, and a
 * Temporal server of the test's own.
 */
export { startTemporal, TemporalCliNotFoundError, TemporalStartError } from '../dev/index.js';
export type { CliAttempt, EmbeddedTemporal, StartTemporalOptions } from '../dev/index.js';
export { defaultAssistant } from './default-assistant.js';
export type { Dialect } from './dialects/dialect.js';
export { dialectOf } from './dialects/presets.js';
export type { DialectName, DialectOption } from './dialects/presets.js';
export type { BreakOptions, FaultOptions } from './fault-step.js';
export { reply } from './reply.js';
export type { Reply, ReplyStep } from './reply-step.js';
export type { RequestEntry } from './request-log.js';
export { eachTurn, firstOf, script, when } from './script.js';
export type { Script, ScriptRequest, ToolOutput } from './script.js';
export type { SearchHit } from './search.js';
export { ScriptedResponsesServer } from './server.js';
export type { ScriptedResponsesOptions } from './server.js';
