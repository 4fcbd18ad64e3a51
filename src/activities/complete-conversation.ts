/**
 * The activity `complete_conversation`: answers in a conversation what a turn leaves open there. It looks first
 * and adds what is missing, so a second attempt adds nothing twice, and nothing is answered that is not there.
 */
import { Context } from '@temporalio/activity';
import type { CompletionInput, CompletionResult } from '../protocol/activity.js';
import { failureOf } from '../protocol/failures.js';
import type { ActivityDeps } from './activity-deps.js';
import { unansweredIn } from './conversation-calls.js';
import { newestItems } from './conversation-items.js';
import { thrownFailure } from './model-errors.js';
import { capabilitiesFor } from './request-state.js';
import { agentOf } from './turn-agent.js';
import { answeredBy } from './unanswered.js';

/** The most that the API takes at a time. */
const ADDED_AT_ONCE = 20;

export function createCompleteConversation(
  deps: ActivityDeps,
): (input: CompletionInput) => Promise<CompletionResult> {
  return async (input) => {
    const { info } = Context.current();
    try {
      return { completed: await complete(deps, input, Context.current().cancellationSignal) };
    } catch (thrown) {
      const { type, error } = thrownFailure(thrown, { attempt: info.attempt });
      throw failureOf(type, error, { retry: error.retryable });
    }
  };
}

async function complete(
  { registry, openai }: ActivityDeps,
  { agent: name, conversation, outputs }: CompletionInput,
  signal: AbortSignal,
): Promise<boolean> {
  const agent = agentOf(registry, { agent: name });
  const client = agent.openai ?? openai();
  const { items: api } = client.conversations;
  if (!api?.create || !capabilitiesFor(agent, client).seesAddedItems) return false;
  const items = await newestItems(client, conversation, signal);
  if (!items) return false;
  const known = new Map(outputs.map((item) => [answeredBy(item), item]));
  const open = await unansweredIn(client, conversation, items, agent, signal);
  const missing = open.map(({ id, aborted }) => known.get(id) ?? aborted);
  for (let at = 0; at < missing.length; at += ADDED_AT_ONCE) {
    const some = missing.slice(at, at + ADDED_AT_ONCE);
    await api.create(conversation, { items: some }, { signal, maxRetries: 0 });
  }
  return true;
}
