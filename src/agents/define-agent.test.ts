import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigurationError } from './configuration-error.js';
import { defineAgent } from './define-agent.js';
import type { AgentOptions } from './define-agent.js';
import { defineTool } from './define-tool.js';
import type { Schema } from './schema.js';

const add = defineTool({ name: 'add', parameters: z.object({ a: z.number() }), execute: ({ a }) => a });
const search = { type: 'file_search', vector_store_ids: ['vs_1'] } as const;
const options: AgentOptions = { name: 'assistant', model: 'gpt-5-mini' };
const define = (extra: object) => defineAgent({ ...options, ...extra });

test('an agent parts our tools from hosted ones', () => {
  expect(define({ tools: [search, add] })).toMatchObject({
    state: 'previous_response',
    tools: [add],
    hostedTools: [search],
  });
});

test('hosted tools of a type that the openai package does not know yet are passed on', () => {
  expect(define({ tools: [{ type: 'teleport', to: 'Mars' }] }).hostedTools).toEqual([
    { type: 'teleport', to: 'Mars' },
  ]);
});

test('outputType becomes a JSON Schema', () => {
  expect(define({ outputType: z.object({ city: z.string() }) }).outputSchema).toMatchObject({ strict: true });
});

test('parameters that only some servers take are left to the agent', () => {
  const request = { stream_options: { include_obfuscation: false }, temperature: 0 };
  expect(define({ request }).request).toEqual(request);
});

describe('is refused, with a ConfigurationError that names the agent:', () => {
  const withoutJsonSchema: Schema = {
    '~standard': { version: 1, vendor: 'mine', validate: (value) => ({ value }) },
  };
  test.each<[string, object, RegExp]>([
    ['a background that stores nothing', { background: true, state: 'stateless' }, /background/],
    ['a background whose request is not stored', { background: true, request: { store: false } }, /store/],
    ['a background at a server that has none', { background: true, server: 'xai' }, /background/],
    ['a background that is set by the request', { request: { background: true } }, /option background/],
    ['a heartbeat timeout that no busy server keeps', { inference: { heartbeatTimeout: 999 } }, /from 1000/],
    ['an empty name', { name: '' }, /name/],
    ['no model', { model: '' }, /model/],
    ['a state that does not exist', { state: 'none' }, /state none/],
    ['an option that does not exist', { maxTurns: 1 }, /maxTurns is no option of defineAgent; .*limits/],
    ['a parameter of the model in the wrong place', { temperature: 1 }, /temperature .* go into request/],
    ['a limit that would be ignored', { limits: { maxTokens: 9 } }, /limits\.maxTokens .*max_tokens/],
    ['a limit that is none', { limits: { max_seconds: '5m' } }, /limits\.max_seconds must be a number/],
    ['limits that are none', { limits: 5 }, /limits must be an object/],
    ['a publishing option that would be ignored', { publishing: { modus: 'off' } }, /publishing\.modus/],
    ['a mode that does not exist', { publishing: { mode: 'of' } }, /publishing\.mode/],
    ['a server flag that would be ignored', { server: { stores: true } }, /server\.stores .*store,/],
    ['a server that is none', { server: 5 }, /server/],
    ['what nobody does on a change', { onAgentChange: 'stop' }, /onAgentChange/],
    ['a parallel that is no yes or no', { parallel: 'no' }, /parallel/],
    ['instructions that are none', { instructions: ['Be kind.'] }, /instructions/],
    ['a tool in place of a list', { tools: add }, /tools must be a list/],
    ['an outputType that is no schema', { outputType: { type: 'object' } }, /outputType .*z\.object/],
    ['an outputType that JSON cannot carry', { outputType: z.object({ at: z.date() }) }, /Date/],
    ['options of a client in place of one', { openai: { apiKey: 'k' } }, /openai .*new OpenAI/],
    [
      'a request that sets what the turn sets',
      { request: { previous_response_id: 'resp_1' } },
      /previous_response_id/,
    ],
    ['a request with tools', { request: { tools: [] } }, /option tools/],
    ['nothing stored and yet gone on from', { request: { store: false } }, /stateless/],
    ['something stored by a stateless agent', { state: 'stateless', request: { store: true } }, /store/],
    [
      'two formats',
      { outputType: z.object({}), request: { text: { format: { type: 'text' } } } },
      /keep one/,
    ],
    ['an outputType without JSON Schema', { outputType: withoutJsonSchema }, /JSON Schema/],
    ['two tools of one name', { tools: [add, add] }, /two tools are named add/],
    ['a function that nobody runs', { tools: [{ type: 'function', name: 'f' }] }, /defineTool/],
    ['a tool that is none', { tools: [null] }, /neither/],
    ['a tool without a type', { tools: [{}] }, /neither/],
    ['signals without a pause', { publishing: { minInterval: 0 } }, /at least 20/],
  ])('%s', (_name, extra, message) => {
    expect(() => define(extra)).toThrow(ConfigurationError);
    expect(() => define(extra)).toThrow(message);
  });
});

describe('the hash', () => {
  const base = define({ tools: [add, search], instructions: 'Be kind.' }).hash;
  test('is short, and the same for the same definition', () => {
    expect(base).toMatch(/^[0-9a-f]{12}$/);
    expect(define({ tools: [add, search], instructions: 'Be kind.' }).hash).toBe(base);
  });

  test.each<[string, object]>([
    ['the model', { model: 'gpt-5' }],
    ['the instructions', { instructions: 'Be brief.' }],
    ['instructions that are computed', { instructions: () => 'Be kind.' }],
    ['a tool', { tools: [search] }],
    ['a hosted tool', { tools: [add, { ...search, vector_store_ids: ['vs_2'] }] }],
    ['the request', { request: { temperature: 0 } }],
    ['the state', { state: 'stateless' }],
    ['the output', { outputType: z.object({ a: z.string() }) }],
  ])('changes with %s', (_name, extra) => {
    expect(define({ tools: [add, search], instructions: 'Be kind.', ...extra }).hash).not.toBe(base);
  });

  test('does not change with what the model is not told', () => {
    const quiet = { publishing: { mode: 'off' }, limits: { max_responses: 3 }, inference: { timeout: 5 } };
    expect(define({ tools: [add, search], instructions: 'Be kind.', ...quiet }).hash).toBe(base);
  });
});

test('no options at all are refused with a ConfigurationError', () => {
  expect(() => defineAgent(undefined as never)).toThrow(ConfigurationError);
});

test('members that are undefined count as left out', () => {
  const limits = { max_tokens: undefined };
  expect(define({ limits, publishing: { mode: undefined }, server: undefined }).limits).toEqual(limits);
});

test.each<[object]>([
  [{ idleTimeout: Number.NaN }],
  [{ timeout: 2 ** 31 }],
  [{ maximumAttempts: 0 }],
  [{ maximumAttempt: 3 }],
])(
  'inference %j is refused: a timer of Node would fire at once, or the option would be ignored',
  (inference) => {
    expect(() => defineAgent({ name: 'a', model: 'm', inference })).toThrow(/inference\./);
  },
);
