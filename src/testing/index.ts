/**
 * The door `durable-turns/testing`: a server with the wire of the Responses API and a script for a model, a
 * Temporal server of the test's own, and what breaks things: processes to kill, a proxy, plans of faults.
 */
export { startTemporal, TemporalCliNotFoundError, TemporalStartError } from '../dev/index.js';
export type { CliAttempt, EmbeddedTemporal, StartTemporalOptions } from '../dev/index.js';
export { carryOut, planFaults } from './chaos/fault-plan.js';
export type { FaultActions, PlannedFault, PlanOptions } from './chaos/fault-plan.js';
export { startKillableProcess } from './chaos/killable.js';
export type { Killable, KillableProcess, KillableProcessOptions } from './chaos/killable.js';
export { startKillableTemporal } from './chaos/killable-temporal.js';
export type { KillableTemporal, KillableTemporalOptions } from './chaos/killable-temporal.js';
export { startProxy } from './chaos/proxy.js';
export type { ProxyOptions, TcpProxy } from './chaos/proxy.js';
export type { ProxyConnection, ProxyFault, ProxySide } from './chaos/proxy-link.js';
export { SeededRandom } from './chaos/random.js';
export { atEvent, killAt } from './chaos/trigger.js';
export { defaultAssistant } from './default-assistant.js';
export type { Dialect } from './dialects/dialect.js';
export { dialectOf } from './dialects/presets.js';
export type { DialectName, DialectOption } from './dialects/presets.js';
export type { BreakOptions, FaultOptions } from './fault-step.js';
export { reply } from './reply.js';
export type { Reply, ReplyStep } from './reply-step.js';
export type { RequestEntry } from './request-log.js';
export { eachTurn, firstOf, script, when } from './script.js';
export type { RequestMatcher, Script, ScriptEntry, ScriptRequest, ToolOutput } from './script.js';
export type { SearchHit } from './search.js';
export { ScriptedResponsesServer } from './server.js';
export type { ScriptedResponsesOptions } from './server.js';
