/** The door `durable-turns`: for who writes agents and runs workers. */
export { ConfigurationError } from './agents/configuration-error.js';
export { defineAgent } from './agents/define-agent.js';
export type {
  Agent,
  AgentOptions,
  AgentRequest,
  AgentState,
  HostedTool,
  InferenceOptions,
  Publishing,
} from './agents/define-agent.js';
export { defineTool } from './agents/define-tool.js';
export type { Tool, ToolContext, ToolOptions } from './agents/define-tool.js';
export type { Schema } from './agents/schema.js';
export { DurableTurnsPlugin } from './plugin/durable-turns-plugin.js';
export type { DurableTurnsOptions } from './plugin/durable-turns-plugin.js';
export { FAILURES } from './protocol/failures.js';
export type { FailureType } from './protocol/failures.js';
