/** The door `durable-turns/workflows`: for workflow code only. */
export { agentSession } from './agent-session.js';
export { agentTurn } from './agent-turn.js';
export { runTurn } from './run-turn.js';
export type { RunTurnOptions } from './run-turn.js';
export type { SessionCarry, SessionMessage } from '../protocol/session.js';
export type { TurnInput, TurnResult } from '../protocol/turn.js';
