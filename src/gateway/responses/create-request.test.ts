import { describe, expect, test } from 'vitest';
import { createRequest, InvalidRequestError } from './create-request.js';

const least = { model: 'assistant', input: 'Hello' };

describe('a request of the Responses API', () => {
  test('starts a turn of the agent that it names as its model', () => {
    expect(createRequest(least)).toEqual({
      input: { agent: 'assistant', input: 'Hello' },
      stream: false,
      background: false,
      turnEvents: false,
    });
  });

  test('says for this turn what the agent says else', () => {
    const tools = [{ type: 'web_search' }];
    const body = { ...least, instructions: 'Be brief.', temperature: 0, tools, metadata: { order: '42' } };
    expect(createRequest(body).input).toEqual({
      agent: 'assistant',
      input: 'Hello',
      overrides: { instructions: 'Be brief.', hosted_tools: tools, request: { temperature: 0 } },
      metadata: { order: '42' },
    });
  });

  test('says how long the model is to keep its prompt', () => {
    const cache = { prompt_cache_retention: '24h', prompt_cache_options: { ttl: '30m' } };
    expect(createRequest({ ...least, ...cache }).input.overrides).toEqual({ request: cache });
  });

  test('takes null for what is not said, as the API does', () => {
    const body = { ...least, instructions: null, conversation: null, stream: null, tools: null };
    expect(createRequest(body)).toEqual(createRequest(least));
  });

  test.each(['my session', { id: 'my session' }])('names its session as conversation %j', (conversation) => {
    expect(createRequest({ ...least, conversation })).toMatchObject({ conversation: 'my session' });
  });

  test('may repeat what responses of ours have said, without what no model knows', () => {
    const answer = {
      type: 'message',
      id: 'msg_0001_b_000',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Hello', annotations: [], logprobs: [] }],
    };
    const known = { type: 'reasoning', id: 'rs_0001_a_000', summary: [], encrypted_content: 'x' };
    const theirs = { type: 'reasoning', id: 'rs_68af4030baa48193b0b43b4c2a176a1a', summary: [] };
    const input = [
      { role: 'user', content: 'Hello' },
      { type: 'reasoning', id: 'rs_0001_a_000', status: 'completed', summary: [] },
      { type: 'message', id: 'msg_0001_a_000', role: 'assistant', status: 'incomplete', content: [] },
      answer,
      known,
      theirs,
      { role: 'user', content: 'And now?' },
    ];
    expect(createRequest({ ...least, input }).input.input).toEqual([
      input[0],
      answer,
      known,
      theirs,
      input.at(-1),
    ]);
  });

  test('asks for turn events by include, and ignores what else it wants included', () => {
    const include = ['reasoning.encrypted_content', 'durable_turns.events'];
    expect(createRequest({ ...least, include })).toMatchObject({ turnEvents: true });
  });
});

test.each([
  [[], null, 'invalid_type'],
  ['text', null, 'invalid_type'],
  [{ input: 'Hello' }, 'model', 'missing_required_parameter'],
  [{ model: 'assistant' }, 'input', 'missing_required_parameter'],
  [{ ...least, model: 7 }, 'model', 'invalid_value'],
  [{ ...least, input: [] }, 'input', 'invalid_value'],
  [{ ...least, temprature: 1 }, 'temprature', 'unknown_parameter'],
  [{ ...least, stream: 'yes' }, 'stream', 'invalid_type'],
  [{ ...least, store: false }, 'store', 'unsupported_value'],
  [{ ...least, instructions: 7 }, 'instructions', 'invalid_type'],
  [{ ...least, temperature: 'hot' }, 'temperature', 'invalid_type'],
  [{ ...least, max_output_tokens: 0 }, 'max_output_tokens', 'invalid_type'],
  [{ ...least, max_output_tokens: 1.5 }, 'max_output_tokens', 'invalid_type'],
  [{ ...least, parallel_tool_calls: 'no' }, 'parallel_tool_calls', 'invalid_type'],
  [{ ...least, text: 'json' }, 'text', 'invalid_type'],
  [{ ...least, text: { format: 'json_object' } }, 'text', 'invalid_type'],
  [{ ...least, reasoning: 'high' }, 'reasoning', 'invalid_type'],
  [{ ...least, tool_choice: 7 }, 'tool_choice', 'invalid_type'],
  [{ ...least, tools: [null] }, 'tools', 'invalid_type'],
  [{ ...least, tools: [{ name: 'f' }] }, 'tools', 'invalid_type'],
  [{ ...least, include: 'durable_turns.events' }, 'include', 'invalid_type'],
  [{ ...least, include: [7] }, 'include', 'invalid_type'],
  [{ ...least, stream_options: [] }, 'stream_options', 'invalid_type'],
  [{ ...least, store: 'no' }, 'store', 'invalid_type'],
  [{ ...least, conversation: '' }, 'conversation', 'invalid_value'],
  [{ ...least, conversation: 'x'.repeat(201) }, 'conversation', 'invalid_value'],
  [{ ...least, conversation: 'a\nb' }, 'conversation', 'invalid_value'],
  [{ ...least, conversation: '\ud800' }, 'conversation', 'invalid_value'],
  [{ ...least, conversation: '..' }, 'conversation', 'invalid_value'],
  [{ ...least, conversation: ' ' }, 'conversation', 'invalid_value'],
  [{ ...least, conversation: { id: null } }, 'conversation', 'invalid_type'],
  [{ ...least, metadata: { a: 1 } }, 'metadata', 'invalid_value'],
  [{ ...least, conversation: 7 }, 'conversation', 'invalid_type'],
  [{ ...least, previous_response_id: 7 }, 'previous_response_id', 'invalid_type'],
  [
    { ...least, previous_response_id: 'r', conversation: 'c' },
    'previous_response_id',
    'mutually_exclusive_parameters',
  ],
  [{ ...least, tools: 'web_search' }, 'tools', 'invalid_type'],
  [
    { ...least, tools: [{ type: 'web_search' }, { type: 'function', name: 'f' }] },
    'tools[1]',
    'unsupported_value',
  ],
])('%j is refused for its parameter %j', (body, param, code) => {
  expect(() => createRequest(body)).toThrow(InvalidRequestError);
  expect(() => createRequest(body)).toThrow(expect.objectContaining({ param, code }));
});
