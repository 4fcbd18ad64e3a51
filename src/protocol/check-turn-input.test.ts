import { describe, expect, test } from 'vitest';
import { checkTurnInput } from './check-turn-input.js';

const least = { agent: 'assistant', input: 'Hi' };
const image = `data:image/png;base64,${'iVBORw0KGgo'.repeat(30_000)}`;

describe('is a turn input', () => {
  test.each<[string, unknown]>([
    ['agent and text', least],
    ['items', { ...least, input: [{ role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }] }],
    [
      'everything',
      {
        ...least,
        session_id: 's',
        conversation: 'conv_1',
        overrides: { model: 'm', instructions: 'i', hosted_tools: [], request: {} },
        context: { user: 1 },
        metadata: { team: 'a' },
        limits: { max_responses: 1, max_tool_calls: 0, max_tokens: 1, max_seconds: 0.5 + 0.5 },
        publishing: { mode: 'steps', min_interval_ms: 20, max_interval_ms: 20 },
      },
    ],
    ['a response to go on from', { ...least, previous_response_id: 'resp_1' }],
    ['context that is false', { ...least, context: false }],
    ['a long text', { ...least, input: 'Some words. '.repeat(50_000) }],
  ])('%s', (_name, input) => {
    expect(checkTurnInput(input)).toEqual(input);
  });
});

describe('is refused as InvalidTurnInput, with the field in the message:', () => {
  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /turn input must be an object/],
    ['a text', 'Hi', /turn input must be an object/],
    ['a list', [least], /turn input must be an object/],
    ['no agent', { input: 'Hi' }, /^agent /],
    ['an agent that is empty', { ...least, agent: ' ' }, /^agent /],
    ['a field that is none', { ...least, inptu: 'Hi' }, /^inptu is no field/],
    ['a nested field that is none', { ...least, overrides: { temperature: 1 } }, /^overrides\.temperature/],
    ['camelCase', { ...least, limits: { maxTokens: 1 } }, /^limits\.maxTokens/],
    ['no input', { agent: 'a' }, /^input /],
    ['two pasts', { ...least, conversation: 'c', previous_response_id: 'r' }, /exclude each other/],
    ['an empty conversation', { ...least, conversation: '' }, /^conversation /],
    ['overrides that are no object', { ...least, overrides: [] }, /^overrides /],
    ['a model that is no text', { ...least, overrides: { model: 5 } }, /^overrides\.model /],
    [
      'instructions that are no text',
      { ...least, overrides: { instructions: {} } },
      /^overrides\.instructions /,
    ],
    [
      'hosted tools that are no list',
      { ...least, overrides: { hosted_tools: {} } },
      /^overrides\.hosted_tools /,
    ],
    ['a request that is no object', { ...least, overrides: { request: 'x' } }, /^overrides\.request /],
    ['more responses than step ids sort', { ...least, limits: { max_responses: 10_000 } }, /at most 9999/],
    ['a limit of 0', { ...least, limits: { max_responses: 0 } }, /^limits\.max_responses /],
    ['a limit that is no number', { ...least, limits: { max_tokens: '5' } }, /^limits\.max_tokens /],
    ['a limit that is NaN', { ...least, limits: { max_seconds: Number.NaN } }, /^limits\.max_seconds /],
    ['a mode that does not exist', { ...least, publishing: { mode: 'all' } }, /^publishing\.mode /],
    [
      'signals without a pause',
      { ...least, publishing: { min_interval_ms: 1 } },
      /^publishing\.min_interval_ms /,
    ],
    ['metadata of numbers', { ...least, metadata: { a: 1 } }, /^metadata\.a /],
    ['long metadata', { ...least, metadata: { a: 'x'.repeat(513) } }, /^metadata\.a /],
    [
      'much metadata',
      { ...least, metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [i, ''])) },
      /16 pairs/,
    ],
    ['a large context', { ...least, context: 'ä'.repeat(8200) }, /^context is \d+ bytes/],
    [
      'a file in base64',
      { ...least, input: [{ role: 'user', content: [{ type: 'input_image', image_url: image }] }] },
      /input\[0\]\.content\[0\]\.image_url .*files\.create/,
    ],
    ['too much of everything', { ...least, input: 'Some words. '.repeat(100_000) }, /files\.create/],
  ])('%s', (_name, input, message) => {
    const check = () => checkTurnInput(input);
    expect(check).toThrow(expect.objectContaining({ type: 'InvalidTurnInput', nonRetryable: true }));
    expect(check).toThrow(message);
  });
});

test('a field that is null counts as absent, as other languages write it', () => {
  const nulls = {
    session_id: null,
    conversation: null,
    limits: { max_tokens: null, max_responses: 3 },
    publishing: null,
  };

  expect(checkTurnInput({ agent: 'a', input: 'Hi', ...nulls })).toEqual({
    agent: 'a',
    input: 'Hi',
    limits: { max_responses: 3 },
  });
});
