/** How a request refers to what was said before, by the agent's state mode. */
import type { Agent } from '../agents/define-agent.js';
import { capabilitiesOf } from '../agents/server-capabilities.js';
import type { ServerCapabilities } from '../agents/server-capabilities.js';
import type { InferInput } from '../protocol/activity.js';
import { fail } from '../protocol/failures.js';
import type { Attempt } from './attempt.js';
import { earlierTurns, sinceCompaction } from './earlier-turns.js';
import type { ModelClient } from './model-client.js';
import { replayItems } from './replay-items.js';
import type { RequestState } from './request.js';
import { transcriptOf } from './transcript.js';

export interface KnownState extends RequestState {
  /** The conversation, if it was made for the turn by this activity. */
  readonly madeConversation?: string;
  /** Nobody has asked for anything in it yet. */
  readonly freshConversation?: boolean;
}

/** What the server of an agent can do. */
export function capabilitiesFor(agent: Agent, client: ModelClient): ServerCapabilities {
  return capabilitiesOf(agent.server, baseUrlOf(client));
}

export async function requestState(
  client: ModelClient,
  agent: Agent,
  input: InferInput,
  attempt: Attempt,
): Promise<KnownState> {
  const capabilities = capabilitiesFor(agent, client);
  if (agent.background && !(capabilities.background && client.responses.retrieve)) {
    throw fail('InvalidAgent', {
      message: `The server or client of agent ${agent.name} knows no responses in the background: leave out background, or set "server" if that is wrong`,
    });
  }
  const lacks = (what: string): Error =>
    fail('InvalidAgent', {
      message: `The server of agent ${agent.name} has no ${what}: set state: "stateless", or "server" if that is wrong`,
    });
  if (!capabilities.conversations && (input.conversation !== undefined || agent.state === 'conversation'))
    throw lacks('conversations');
  if (
    !capabilities.previousResponseId &&
    input.previous_response_id !== undefined &&
    agent.state !== 'stateless'
  )
    throw lacks('previous_response_id');
  if (input.conversation !== undefined) return { conversation: input.conversation };
  if (input.previous_turn_id !== undefined && agent.state !== 'stateless') {
    throw fail('InvalidAgent', {
      message: `The session keeps no state at a server so far, and agent ${agent.name} needs it there: give it state: "stateless"`,
    });
  }
  switch (agent.state) {
    case 'previous_response':
      return { previous_response_id: input.previous_response_id };
    case 'stateless':
      if (input.response === 1 && input.previous_response_id !== undefined) {
        throw fail('InvalidAgent', {
          message: `The stateless agent ${agent.name} cannot go on from a response: pass what was said as input items`,
        });
      }
      return { transcript: replayItems(await saidBefore(agent, input, attempt), capabilities) };
    case 'conversation': {
      // A turn that goes on from a response keeps to that chain.
      if (input.previous_response_id !== undefined)
        return { previous_response_id: input.previous_response_id };
      const { conversation } = attempt.kept;
      if (conversation !== undefined) return { conversation, madeConversation: conversation };
      const made = await client.conversations.create({}, { signal: attempt.signal, maxRetries: 0 });
      await attempt.keep({ conversation: made.id, newest_items: [] });
      return { conversation: made.id, madeConversation: made.id, freshConversation: true };
    }
  }
}

/** Everything in the session's earlier turns, and in this turn's responses so far. */
async function saidBefore(agent: Agent, input: InferInput, { context }: Attempt) {
  const { previous_turn_id, response } = input;
  const before =
    previous_turn_id === undefined ? [] : await earlierTurns(context.client, previous_turn_id, agent);
  return sinceCompaction([...before, ...(response === 1 ? [] : await transcriptOf(context))]);
}

/** Any client of the right shape will do, and not every one knows its address. */
export function baseUrlOf(client: ModelClient): string | undefined {
  return 'baseURL' in client && typeof client.baseURL === 'string' ? client.baseURL : undefined;
}
