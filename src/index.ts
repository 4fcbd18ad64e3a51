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
export type { ModelClient } from './agents/model-client.js';
export type { ModelServer, ServerCapabilities } from './agents/server-capabilities.js';
export { activityTool } from './agents/activity-tool.js';
export type { ActivityToolOptions } from './agents/activity-tool.js';
export { builtinTool } from './agents/builtin-tool.js';
export type { BuiltinToolOptions, BuiltinToolType } from './agents/builtin-tool.js';
export { defineTool } from './agents/define-tool.js';
export type { CustomToolOptions, ToolOptions } from './agents/define-tool.js';
export { mcpTools } from './agents/mcp-tools.js';
export type { McpClient } from './agents/mcp-client.js';
export type { McpTools, McpToolsOptions } from './agents/mcp-tools.js';
export type { CallFacts, Tool, ToolContext } from './agents/tool.js';
export { workflowTool } from './agents/workflow-tool.js';
export type { WorkflowToolOptions } from './agents/workflow-tool.js';
export type { Schema } from './agents/schema.js';
export { DurableTurnsPlugin } from './plugin/durable-turns-plugin.js';
export type { DurableTurnsOptions } from './plugin/durable-turns-plugin.js';
export { FAILURES } from './protocol/failures.js';
export type { FailureType } from './protocol/failures.js';
