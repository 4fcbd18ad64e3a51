import { describe, expect, test } from 'vitest';
import { defineAgent } from '../agents/define-agent.js';
import type { AgentState } from '../agents/define-agent.js';
import type { InferInput } from '../protocol/activity.js';
import { requestState } from './request-state.js';

function stateOf(state: AgentState, input: Partial<InferInput>, kept: object = {}) {
  const made: unknown[] = [];
  const conversations = {
    create: (...args: unknown[]) => {
      made.push(args);
      return Promise.resolve({ id: 'conv_new' });
    },
  };
  const agent = defineAgent({ name: 'a', model: 'm', state });
  const whole = { agent: 'a', response: 1, input: 'Hi', ...input };
  const keeps: unknown[] = [];
  const attempt = {
    signal: new AbortController().signal,
    kept,
    keep: (details: unknown) => keeps.push(details),
  };
  return requestState({ conversations } as never, agent, whole, attempt as never).then((known) => ({
    known,
    made: made.length,
    keeps,
  }));
}

describe('a turn refers to what was said before', () => {
  test.each<[AgentState, Partial<InferInput>, object, number]>([
    ['previous_response', {}, {}, 0],
    ['previous_response', { previous_response_id: 'r' }, { previous_response_id: 'r' }, 0],
    ['previous_response', { conversation: 'c' }, { conversation: 'c' }, 0],
    ['conversation', { conversation: 'c' }, { conversation: 'c' }, 0],
    [
      'conversation',
      {},
      { conversation: 'conv_new', madeConversation: 'conv_new', freshConversation: true },
      1,
    ],
    ['conversation', { previous_response_id: 'r' }, { previous_response_id: 'r' }, 0],
    ['stateless', {}, {}, 0],
    ['stateless', { conversation: 'c' }, { conversation: 'c' }, 0],
  ])('%s, given %j, by %j', async (state, input, known, made) => {
    expect(await stateOf(state, input)).toMatchObject({ known, made });
  });

  test('a conversation that was made is kept for later attempts, which make no other', async () => {
    const { keeps } = await stateOf('conversation', {});
    expect(keeps).toEqual([{ conversation: 'conv_new', newest_items: [] }]);
    expect(await stateOf('conversation', {}, { conversation: 'conv_new' })).toEqual({
      known: { conversation: 'conv_new', madeConversation: 'conv_new' },
      made: 0,
      keeps: [],
    });
  });
});

test('a stateless agent cannot go on from a stored response', async () => {
  await expect(stateOf('stateless', { previous_response_id: 'r' })).rejects.toMatchObject({
    type: 'InvalidAgent',
    nonRetryable: true,
  });
});

describe('a server that keeps nothing', () => {
  const onServer = (state: AgentState, input: Partial<InferInput>) => {
    const agent = defineAgent({ name: 'a', model: 'm', state, server: 'huggingface' });
    const attempt = { signal: new AbortController().signal };
    return requestState(
      {} as never,
      agent,
      { agent: 'a', response: 1, input: 'Hi', ...input },
      attempt as never,
    );
  };

  test.each<[AgentState, Partial<InferInput>]>([
    ['previous_response', { previous_response_id: 'r' }],
    ['conversation', {}],
    ['stateless', { conversation: 'c' }],
  ])('is asked nothing that it would forget: %s, given %j', async (state, input) => {
    await expect(onServer(state, input)).rejects.toMatchObject({ type: 'InvalidAgent', nonRetryable: true });
  });

  test('answers the first response of any turn', async () => {
    expect(await onServer('previous_response', {})).toEqual({});
  });
});
