/** The agent of a request, as this worker knows it. */
import type { Agent } from '../agents/define-agent.js';
import type { Registry } from '../agents/registry.js';
import type { InferInput } from '../protocol/activity.js';
import { fail } from '../protocol/failures.js';
import type { PublishingInput } from '../protocol/turn.js';
import type { AttemptOptions } from './attempt.js';

/** @throws ApplicationFailure of type UnknownAgent, or AgentChanged where the agent wants that. */
export function agentOf(
  { agents }: Registry,
  { agent: name, agent_hash }: Pick<InferInput, 'agent' | 'agent_hash'>,
): Agent {
  const agent = agents.get(name);
  if (!agent) {
    const known = [...agents.keys()].join(', ') || 'none';
    throw fail('UnknownAgent', {
      message: `No agent is named ${JSON.stringify(name)} here; known: ${known}`,
    });
  }
  if (agent_hash !== undefined && agent_hash !== agent.hash && agent.onAgentChange === 'fail') {
    const message = `The turn began with agent ${name} ${agent_hash}, this worker has ${agent.hash}`;
    throw fail('AgentChanged', { message });
  }
  return agent;
}

/** What the turn says of publishing, else the agent. */
export function publishingOf(
  agent: Agent | undefined,
  turn: PublishingInput = {},
): AttemptOptions['publishing'] {
  const { mode = 'live', minInterval, maxInterval } = agent?.publishing ?? {};
  return {
    mode: turn.mode ?? mode,
    minInterval: turn.min_interval_ms ?? minInterval,
    maxInterval: turn.max_interval_ms ?? maxInterval,
  };
}
