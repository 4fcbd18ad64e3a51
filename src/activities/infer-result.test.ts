import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent } from '../agents/define-agent.js';
import type { AgentOptions } from '../agents/define-agent.js';
import type { InferInput } from '../protocol/activity.js';
import type { ResponseOutcome } from '../synthesizer/index.js';
import type { Answer } from './answer.js';
import { inferResult } from './infer-result.js';

const answered: ResponseOutcome = {
  status: 'completed',
  response_id: 'resp_1',
  model: 'm',
  stop_reason: 'end_of_turn',
  final_text: 'Hello.',
  function_calls: [],
  approvals: [],
  unknown_events: 0,
};
const call = {
  call_id: 'c',
  tool_type: 'function',
  tool_name: 'add',
  arguments: '{}',
  arguments_complete: true,
};

function result(
  ended: Partial<ResponseOutcome> = {},
  options: Partial<AgentOptions> = {},
  input: Partial<InferInput> = {},
) {
  const agent = defineAgent({ name: 'a', model: 'm', ...options });
  const answer: Pick<Answer, 'text' | 'outputItems'> = { text: 'Hello.', outputItems: [{ type: 'message' }] };
  const whole = { agent: 'a', response: 1, input: 'Hi', ...input };
  return inferResult(agent, whole, { ...answered, ...ended }, answer as Answer, {
    conversation: undefined,
    turnId: 't',
  });
}

describe('the final text', () => {
  test('is left out when it is the text of the steps', async () => {
    expect(await result()).not.toHaveProperty('final_text');
  });

  test('is said when it is another one', async () => {
    expect(await result({ final_text: 'Bye.' })).toMatchObject({ final_text: 'Bye.' });
  });

  test('is not final while there are calls', async () => {
    const more = await result({ final_text: 'Let me see.', function_calls: [call] });
    expect(more).not.toHaveProperty('final_text');
    expect(more.calls).toHaveLength(1);
  });
});

describe('outputType', () => {
  const outputType = z.object({ n: z.coerce.number() });

  test('gives the answer as the schema makes it', async () => {
    expect(await result({ final_text: '{"n":"3"}' }, { outputType })).toMatchObject({
      final_output: { n: 3 },
    });
  });

  test.each(['Hello.', '{"m":1}', ''])('fails for good when the text is %j', async (final_text) => {
    await expect(result({ final_text }, { outputType })).rejects.toMatchObject({
      type: 'OutputMismatch',
      nonRetryable: true,
      details: [{ code: 'output_mismatch', response_id: 'resp_1' }],
    });
  });

  test.each<[string, Partial<ResponseOutcome>]>([
    ['calls a tool first', { function_calls: [call] }],
    ['was cut off', { status: 'incomplete', stop_reason: 'max_output_tokens' }],
    ['refused', { refusal: 'No.' }],
  ])('is not asked of an answer that %s', async (_name, ended) => {
    expect(await result(ended, { outputType })).not.toHaveProperty('final_output');
  });
});

describe('the workflow is told', () => {
  test('how the response ended', async () => {
    const ended = { status: 'incomplete', stop_reason: 'max_output_tokens' } as const;
    expect(await result(ended)).toMatchObject({ ...ended, response_id: 'resp_1', calls: [] });
  });

  test('a refusal, and not an empty one', async () => {
    expect(await result({ refusal: 'No.' })).toMatchObject({ refusal: 'No.' });
    expect(await result({ refusal: '' })).not.toHaveProperty('refusal');
  });

  test("the agent's limits, once", async () => {
    const limits = { max_responses: 3 };
    expect(await result({}, { limits })).toMatchObject({ limits });
    expect(await result({}, { limits }, { response: 2 })).not.toHaveProperty('limits');
  });

  test('the output items where everything is sent again, and only there', async () => {
    expect(await result({}, { state: 'stateless' })).toMatchObject({ output_items: [{ type: 'message' }] });
    expect(await result({}, { state: 'stateless' }, { conversation: 'c' })).not.toHaveProperty(
      'output_items',
    );
    expect(await result()).not.toHaveProperty('output_items');
  });
});
