import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent } from '../agents/define-agent.js';
import type { AgentOptions, HostedTool } from '../agents/define-agent.js';
import { defineTool } from '../agents/define-tool.js';
import type { InferInput } from '../protocol/activity.js';
import { requestBody } from './request.js';
import type { RequestState } from './request.js';

const add = defineTool({
  name: 'add',
  description: 'Adds.',
  parameters: z.object({ a: z.number() }),
  execute: ({ a }) => a,
});
const search: HostedTool = { type: 'file_search', vector_store_ids: ['vs_1'] };

function body(
  options: Partial<AgentOptions> = {},
  input: Partial<InferInput> = {},
  state: RequestState = {},
) {
  const agent = defineAgent({ name: 'assistant', model: 'gpt-5-mini', ...options });
  return requestBody(agent, { agent: 'assistant', response: 1, input: 'Hi', ...input }, state);
}

test('a plain request says no more than it must', () => {
  expect(body()).toEqual({ model: 'gpt-5-mini', input: 'Hi', stream: true });
});

describe('state', () => {
  const said = [
    { role: 'user', content: 'Hi' },
    { type: 'function_call', call_id: 'c', name: 'add', arguments: '{}' },
  ];
  const output = [{ type: 'function_call_output', call_id: 'c', output: '3' }];

  test('previous_response names the response before', () => {
    expect(body({}, { input: output }, { previous_response_id: 'resp_1' })).toEqual({
      model: 'gpt-5-mini',
      input: output,
      previous_response_id: 'resp_1',
      stream: true,
    });
  });

  test('conversation names the conversation', () => {
    expect(body({ state: 'conversation' }, {}, { conversation: 'conv_1' })).toMatchObject({
      conversation: 'conv_1',
      input: 'Hi',
    });
  });

  test('stateless stores nothing, sends all that was said, and asks for what it must send again', () => {
    expect(body({ state: 'stateless' }, { input: output, response: 2 }, { transcript: said })).toEqual({
      model: 'gpt-5-mini',
      input: [...said, ...output],
      store: false,
      include: ['reasoning.encrypted_content'],
      stream: true,
    });
  });

  test('a text becomes a message where items stand before it', () => {
    expect(body({ state: 'stateless' }, {}, { transcript: said }).input).toEqual([
      ...said,
      { role: 'user', content: 'Hi' },
    ]);
  });

  test('a stateless agent stores what belongs to a conversation', () => {
    expect(body({ state: 'stateless' }, {}, { conversation: 'conv_1' })).not.toHaveProperty('store');
  });
});

describe('tools', () => {
  test('ours are functions with their schema, hosted ones are as they were written', () => {
    expect(body({ tools: [add, search] }).tools).toEqual([
      {
        type: 'function',
        name: 'add',
        description: 'Adds.',
        strict: true,
        parameters: {
          type: 'object',
          properties: { a: { type: 'number' } },
          required: ['a'],
          additionalProperties: false,
        },
      },
      search,
    ]);
  });

  test.each([
    ['file_search', 'file_search_call.results'],
    ['web_search', 'web_search_call.action.sources'],
    ['web_search_preview_2025_03_11', 'web_search_call.action.sources'],
    ['code_interpreter', 'code_interpreter_call.outputs'],
  ])('%s is asked for its results', (type, needed) => {
    expect(body({ tools: [{ ...search, type } as HostedTool] }).include).toEqual([needed]);
  });

  test('what the agent includes stays, and nothing is asked for twice', () => {
    const include: ['message.output_text.logprobs', 'file_search_call.results'] = [
      'message.output_text.logprobs',
      'file_search_call.results',
    ];
    expect(body({ tools: [search], request: { include } }).include).toEqual(include);
  });
});

describe('a forcing tool_choice', () => {
  const choose = (tool_choice: NonNullable<AgentOptions['request']>['tool_choice'], response: number) =>
    body({ tools: [add], request: tool_choice === undefined ? {} : { tool_choice } }, { response })
      .tool_choice;

  test.each([['required'], [{ type: 'function', name: 'add' }], [{ type: 'file_search' }]] as const)(
    '%j holds for the first response only',
    (choice) => {
      expect([choose(choice, 1), choose(choice, 2)]).toEqual([choice, 'auto']);
    },
  );

  test.each(['auto', 'none'] as const)('%s forces nothing, so it stays', (choice) => {
    expect([choose(choice, 1), choose(choice, 2)]).toEqual([choice, choice]);
  });

  test('over allowed tools leaves them allowed', () => {
    const allowed = (mode: 'auto' | 'required') => ({
      type: 'allowed_tools' as const,
      mode,
      tools: [{ type: 'function', name: 'add' }],
    });
    expect(choose(allowed('required'), 1)).toEqual(allowed('required'));
    expect(choose(allowed('required'), 2)).toEqual(allowed('auto'));
  });
});

describe('what the turn says', () => {
  test('takes the place of what the agent says', () => {
    const made = body(
      { tools: [add, search], instructions: 'Be kind.', request: { temperature: 0, top_p: 0.5 } },
      {
        overrides: {
          model: 'gpt-5',
          instructions: 'Be brief.',
          hosted_tools: [{ type: 'web_search' }],
          request: { temperature: 1 },
        },
      },
    );
    expect(made).toMatchObject({ model: 'gpt-5', instructions: 'Be brief.', temperature: 1, top_p: 0.5 });
    expect(made.tools?.map(({ type }) => type)).toEqual(['function', 'web_search']);
    expect(made.include).toEqual(['web_search_call.action.sources']);
  });

  test('as metadata is merged over that of the agent', () => {
    const made = body({ request: { metadata: { team: 'a', env: 'x' } } }, { metadata: { env: 'y' } });
    expect(made.metadata).toEqual({ team: 'a', env: 'y' });
  });

  test('as context reaches instructions(context), and nothing else', () => {
    const made = body(
      { instructions: (context) => `For ${JSON.stringify(context)}` },
      { context: { user: 1 } },
    );
    expect(made).toEqual({ model: 'gpt-5-mini', input: 'Hi', instructions: 'For {"user":1}', stream: true });
  });
});

test('outputType becomes a strict format, beside what else is said of the text', () => {
  const made = body({ outputType: z.object({ a: z.string() }), request: { text: { verbosity: 'low' } } });
  expect(made.text).toEqual({
    verbosity: 'low',
    format: {
      type: 'json_schema',
      name: 'assistant_output',
      strict: true,
      schema: {
        type: 'object',
        properties: { a: { type: 'string' } },
        required: ['a'],
        additionalProperties: false,
      },
    },
  });
});

describe('is refused as InvalidAgent, never retried:', () => {
  test.each<[string, Partial<AgentOptions>, InferInput['overrides'], RegExp]>([
    ['overrides that set what the turn sets', {}, { request: { background: true } }, /request\.background/],
    ['overrides that contradict the state', {}, { request: { store: false } }, /stateless/],
    ['a hosted tool without a type', {}, { hosted_tools: [{}] }, /hosted_tools/],
    ['a function as a hosted tool', {}, { hosted_tools: [{ type: 'function' }] }, /hosted_tools/],
  ])('%s', (_name, options, overrides, message) => {
    const make = () => body(options, overrides ? { overrides } : {});
    expect(make).toThrow(expect.objectContaining({ type: 'InvalidAgent', nonRetryable: true }));
    expect(make).toThrow(message);
  });

  test('instructions that throw', () => {
    const instructions = (): string => {
      throw new Error('no user');
    };
    expect(() => body({ instructions })).toThrow(/assistant threw: Error: no user/);
  });
});
