/** The activity `make_conversation`: the conversation of a session, made before its first turn. */
import { Context } from '@temporalio/activity';
import { capabilitiesOf } from '../agents/server-capabilities.js';
import type { MadeConversation, MakeConversation } from '../protocol/session.js';
import type { ActivityDeps } from './activity-deps.js';
import { baseUrlOf } from './request-state.js';

/** What cannot work is left to the turn, which fails of it with a name. */
export function createMakeConversation(
  deps: ActivityDeps,
): (input: MakeConversation) => Promise<MadeConversation> {
  return async ({ agent: name, session_id }) => {
    const agent = deps.registry.agents.get(name);
    if (agent?.state !== 'conversation') return {};
    const client = agent.openai ?? deps.openai();
    if (!capabilitiesOf(agent.server, baseUrlOf(client)).conversations) return {};
    const { id } = await client.conversations.create(
      { metadata: { session_id: session_id.slice(0, 512) } },
      { signal: Context.current().cancellationSignal, maxRetries: 0 },
    );
    return { conversation: id };
  };
}
