/** The door `durable-turns/workflows`: for workflow code only. */
export { agentTurn } from './agent-turn.js';
export { runTurn } from './run-turn.js';
export type { RunTurnOptions } from './run-turn.js';
export type { TurnInput, TurnResult } from '../protocol/turn.js';
