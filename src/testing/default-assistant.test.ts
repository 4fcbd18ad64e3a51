import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../events/json.js';
import { defaultAssistant } from './default-assistant.js';
import { reply } from './reply.js';
import type { ReplyStep } from './reply-step.js';
import { chunksOf, search } from './search.js';
import type { ToolOutput } from './script.js';
import type { Item } from './wire.js';

const document = chunksOf('Great work comes from curiosity. Work hard on it.\n\nBananas are yellow.').map(
  (text) => ({
    fileId: 'file-1',
    filename: 'essay.txt',
    text,
    attributes: {},
  }),
);
const fileSearch = { type: 'file_search', vector_store_ids: ['vs_1'] };
const weather = fn('get_weather', 'The weather of a city', { city: { type: 'string' } });
const saveNote = fn('save_note', 'Saves a note', { text: { type: 'string' } });

function fn(name: string, description: string, properties: JsonObject): JsonObject {
  return { type: 'function', name, description, parameters: { type: 'object', properties } };
}

const user = (text: string): Item => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
});
const assistant = (text: string): Item => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text }],
});

async function ask(
  prompt: string,
  options: {
    tools?: JsonObject[];
    before?: Item[];
    after?: Item[];
    outputs?: ToolOutput[];
    body?: JsonObject;
  } = {},
): Promise<readonly ReplyStep[]> {
  const found = await defaultAssistant({
    n: 1,
    body: { tools: options.tools ?? [], ...options.body },
    input: [...(options.before ?? []), user(prompt), ...(options.after ?? [])],
    prompt,
    outputs: options.outputs ?? [],
    turnRequest: 1,
    attempt: 1,
    search: (query) => search(document, query, 10),
  });
  if (found === undefined) throw new Error('The default assistant always answers.');
  return 'kind' in found ? [found] : found;
}

/** What the steps come to, with the hits of a search for `query`. */
async function said(steps: Promise<readonly ReplyStep[]>, query = ''): Promise<unknown[]> {
  const hits = search(document, query, 10);
  return (await steps).map((step) => {
    if (step.kind === 'text') {
      const text = typeof step.text === 'function' ? step.text(hits) : step.text;
      return typeof text === 'string' ? text : text.text;
    }
    if (step.kind !== 'function_call') return step.kind;
    const args = typeof step.arguments === 'function' ? step.arguments(hits) : step.arguments;
    return [step.name, args];
  });
}

describe('without tools', () => {
  test('it tells the turn, what was said and what was said before', async () => {
    expect(await said(ask('My cat is Tom.'))).toEqual([
      'This is turn 1 of our talk. You said: "My cat is Tom.".',
    ]);
    const before = [user('My cat is Tom.'), assistant('Noted: Tom.')];
    expect(await said(ask('And now?', { before }))).toEqual([
      'This is turn 2 of our talk. You said: "And now?". Before that you said: "My cat is Tom.".',
    ]);
  });

  test('it repeats its earlier answer when it is asked about it', async () => {
    const before = [user('How do you do great work?'), assistant('By curiosity.')];
    expect(await said(ask('What did you answer?', { before }))).toEqual([
      expect.stringContaining('I answered then: "By curiosity.".'),
    ]);
  });
});

describe('with tools', () => {
  test('it calls the function that the prompt is about, once for each place', async () => {
    expect(
      await said(ask('What is the weather in Paris and New York?', { tools: [weather, saveNote] })),
    ).toEqual([
      ['get_weather', { city: 'Paris' }],
      ['get_weather', { city: 'New York' }],
    ]);
    const one = { tools: [weather], body: { parallel_tool_calls: false } };
    expect(await ask('Weather in Paris and Rome?', one)).toHaveLength(1);
  });

  test('it calls none for a greeting, for [[plain]], for tool_choice none and for another subject', async () => {
    for (const prompt of ['Hello, weather!', 'Weather? [[plain]]', 'What is love?'])
      expect(await said(ask(prompt, { tools: [weather] }))).toEqual([
        expect.stringContaining('This is turn 1'),
      ]);
    const none = { tools: [weather], body: { tool_choice: 'none' } };
    expect(await said(ask('Weather?', none))).toEqual([expect.stringContaining('This is turn 1')]);
  });

  test('it calls what tool_choice forces', async () => {
    const forced = {
      tools: [weather, saveNote],
      body: { tool_choice: { type: 'function', name: 'save_note' } },
    };
    expect(await said(ask('What is love?', forced))).toEqual([['save_note', { text: 'What is love?' }]]);
  });

  test('it tells what the tools returned', async () => {
    const outputs = [{ call_id: 'c', name: 'get_weather', output: 'sunny' }];
    expect(await said(ask('Weather in Paris?', { tools: [weather], outputs }))).toEqual([
      'The get_weather tool returned: sunny',
    ]);
  });

  test('it searches files when asked to, when nothing else is there, or when they know something', async () => {
    const prompt = 'How do you do great work?';
    for (const tools of [[fileSearch], [fileSearch, weather]])
      expect(await said(ask(prompt, { tools }), prompt)).toEqual([
        'file_search',
        'According to the files: Great work comes from curiosity. Work hard on it.',
      ]);
    expect(await said(ask('What is the weather in Paris?', { tools: [fileSearch, weather] }))).toEqual([
      ['get_weather', { city: 'Paris' }],
    ]);
  });

  test('it searches first, calls the function with what it found, and then answers with both', async () => {
    const prompt = 'How do you do great work? Save a note of it.';
    const tools = [fileSearch, saveNote];
    expect(await said(ask(prompt, { tools }), prompt)).toEqual([
      'file_search',
      ['save_note', { text: 'Great work comes from curiosity.' }],
    ]);
    const result = {
      file_id: 'file-1',
      filename: 'essay.txt',
      text: 'Great work comes from curiosity.',
      score: 1,
    };
    const after: Item[] = [
      { type: 'file_search_call', results: [result] },
      { type: 'function_call', call_id: 'c', name: 'save_note', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'saved' },
    ];
    const outputs = [{ call_id: 'c', name: 'save_note', output: 'saved' }];
    expect(await said(ask(prompt, { tools, after, outputs }))).toEqual([
      'According to the files: Great work comes from curiosity.\nThe save_note tool returned: saved',
    ]);
  });
});

describe('a directive', () => {
  test('to search is followed by an answer from what was found', async () => {
    expect(await said(ask('[[call file_search {"query":"curiosity"}]] What is it?'), 'curiosity')).toEqual([
      'file_search',
      expect.stringContaining('Great work comes from curiosity.'),
    ]);
  });

  const call: Item = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' };
  const output: Item = { type: 'function_call_output', call_id: 'c', output: 'x' };

  test('says a text, a long one, or calls side by side', async () => {
    expect(await said(ask('[[say Hi there]]'))).toEqual(['Hi there']);
    expect(await said(ask('[[long 3]]'))).toEqual(['word0 word1 word2']);
    expect(await said(ask('Go [[call a {"x":{"y":1}}]] [[call b]]'))).toEqual([
      ['a', '{"x":{"y":1}}'],
      ['b', '{}'],
    ]);
  });

  test('after [[then]] waits for the outputs of the round before', async () => {
    const prompt = '[[call f]] [[then]] [[call f {"again":true}]] [[then]] [[say Done]]';
    const outputs = [{ call_id: 'c', name: 'f', output: 'x' }];
    expect(await said(ask(prompt, { after: [call, output], outputs }))).toEqual([['f', '{"again":true}']]);
    expect(await said(ask(prompt, { after: [call, output, call, output], outputs }))).toEqual(['Done']);
    expect(await said(ask('[[call f]]', { after: [call, output], outputs }))).toEqual([
      'The f tool returned: x',
    ]);
  });
});

describe('the request', () => {
  test('that limits the output gets a response cut short', async () => {
    expect(await ask('[[long 100]]', { body: { max_output_tokens: 4 } })).toEqual([
      reply.text('word0 word1 word'),
      reply.incomplete(),
    ]);
  });

  test('that asks for a schema gets JSON of that schema', async () => {
    const schema = {
      type: 'object',
      properties: { summary: { type: 'string' }, stars: { type: 'integer' } },
    };
    const body = { text: { format: { type: 'json_schema', name: 'x', schema } } };
    const [text] = await said(ask('Give it 4 points', { body }));
    expect(JSON.parse(String(text))).toMatchObject({ stars: 4, summary: expect.stringContaining('turn 1') });
  });
});
