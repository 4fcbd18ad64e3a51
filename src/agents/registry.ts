/** The agents of a worker by name, and the tools of all of them by activity name. */
import {
  COMPLETE_CONVERSATION,
  INFER,
  MAKE_CONVERSATION,
  RELEASE_RESPONSE,
  TURN_REPORT,
} from '../protocol/names.js';
import { ConfigurationError } from './configuration-error.js';
import type { Agent } from './define-agent.js';
import type { Tool } from './tool.js';

export interface Registry {
  readonly agents: ReadonlyMap<string, Agent>;
  /** A tool may serve several agents; one activity name never means two tools. */
  readonly tools: ReadonlyMap<string, Tool>;
}

/**
 * @param more tools that no agent here has
 * @throws ConfigurationError on two agents, or two activities, of one name, and when there is nothing at all.
 */
export function registryOf(agents: readonly Agent[], more: readonly Tool[] = []): Registry {
  if (agents.length + more.length === 0)
    throw new ConfigurationError('give the plugin agents, tools or both');
  const byName = new Map<string, Agent>();
  const tools = new Map<string, Tool>();
  for (const agent of agents) {
    if (agent?.kind !== 'durable-turns/agent')
      throw new ConfigurationError('agents must be made by defineAgent');
    if (byName.has(agent.name)) throw new ConfigurationError(`two agents are named ${agent.name}`);
    byName.set(agent.name, agent);
    for (const tool of agent.tools) addTool(tools, tool);
  }
  for (const tool of more) {
    if (tool?.kind !== 'durable-turns/tool') throw new ConfigurationError('tools must be made by defineTool');
    addTool(tools, tool);
  }
  return { agents: byName, tools };
}

/** Activities that a worker with agents has anyway. */
const OURS: readonly string[] = [
  INFER,
  COMPLETE_CONVERSATION,
  MAKE_CONVERSATION,
  RELEASE_RESPONSE,
  TURN_REPORT,
];

function addTool(tools: Map<string, Tool>, tool: Tool): void {
  // Somebody else runs it: no activity of ours.
  if (!tool.execute) return;
  if (OURS.includes(tool.activityName)) {
    throw new ConfigurationError(
      `the tool ${tool.name} would run as the activity ${tool.activityName}, which is one of ours: give it an activityName`,
    );
  }
  const other = tools.get(tool.activityName);
  if (other && other !== tool) {
    throw new ConfigurationError(
      `two different tools would run as the activity ${tool.activityName}: give one of them an activityName`,
    );
  }
  tools.set(tool.activityName, tool);
}
