import OpenAI, { toFile } from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eachTurn, firstOf, reply, script, ScriptedResponsesServer, when } from './index.js';
import type { ScriptedResponsesOptions } from './index.js';

let server: ScriptedResponsesServer;
let client: OpenAI;

async function start(options: ScriptedResponsesOptions = {}): Promise<void> {
  server = await ScriptedResponsesServer.start(options);
  client = new OpenAI({ baseURL: server.url, apiKey: 'any', maxRetries: 0 });
}

async function collect(stream: AsyncIterable<ResponseStreamEvent>): Promise<ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

const runLengths = (events: readonly ResponseStreamEvent[]): string[] =>
  events.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);

const weather = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather of a city',
  strict: true,
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
} as const;

afterEach(() => server.stop());

describe('a streamed response', () => {
  test('comes as the events of OpenAI, numbered from 0, in deltas of 15 characters', async () => {
    await start({ script: script([reply.text('Hello there, this is a longer text.')]) });
    const events = await collect(await client.responses.create({ model: 'm', input: 'Hi', stream: true }));
    expect(runLengths(events)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    const deltas = events.flatMap((event) =>
      event.type === 'response.output_text.delta' ? [event.delta] : [],
    );
    expect(deltas).toEqual(['Hello there, th', 'is is a longer ', 'text.']);
  });

  test('is the response that the SDK retrieves, lists the input of and deletes', async () => {
    await start({ script: script([reply.text('Hello')]) });
    const events = await collect(
      await client.responses.create({ model: 'm', input: 'Hi', stream: true, metadata: { a: 'b' } }),
    );
    const last = events.at(-1);
    if (last?.type !== 'response.completed') throw new Error('not completed');
    const stored = await client.responses.retrieve(last.response.id);
    expect(stored.output_text).toBe('Hello');
    expect(stored.metadata).toEqual({ a: 'b' });
    expect(stored.usage?.output_tokens).toBe(2);
    const input = await client.responses.inputItems.list(stored.id);
    expect(input.data).toMatchObject([
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
    ]);
    await client.responses.delete(stored.id);
    await expect(client.responses.retrieve(stored.id)).rejects.toMatchObject({ status: 404 });
  });

  test('calls functions side by side and takes their outputs on the chain', async () => {
    await start({
      script: script([
        [reply.functionCall('get_weather', { city: 'Paris' }), reply.functionCall('get_weather', '{"city":')],
        (request) => reply.text(request.outputs.map(({ name, output }) => `${name}=${output}`).join(' ')),
      ]),
    });
    const first = await client.responses.create({ model: 'm', input: 'Hi', tools: [weather] });
    const calls = first.output.flatMap((item) => (item.type === 'function_call' ? [item] : []));
    expect(calls.map((call) => call.arguments)).toEqual(['{"city":"Paris"}', '{"city":']);
    const second = await client.responses.create({
      model: 'm',
      previous_response_id: first.id,
      input: calls.map(({ call_id }, index) => ({
        type: 'function_call_output',
        call_id,
        output: String(index),
      })),
    });
    expect(second.output_text).toBe('get_weather=0 get_weather=1');
  });
});

describe('file search', () => {
  beforeEach(() => start());

  const document = [
    'How to do great work',
    'The way to do great work is to pick something you are curious about and work hard on it.',
    'Bananas are yellow. They grow in warm countries.',
  ].join('\n\n');

  async function storeWith(text: string): Promise<{ vectorStore: string; file: string }> {
    const file = await client.files.create({
      file: await toFile(Buffer.from(text), 'essay.txt'),
      purpose: 'assistants',
    });
    const { id } = await client.vectorStores.create({ name: 'essays' });
    const attached = await client.vectorStores.files.createAndPoll(id, { file_id: file.id });
    expect(attached.status).toBe('completed');
    return { vectorStore: id, file: file.id };
  }

  test('finds paragraphs of uploaded text, best first', async () => {
    const { vectorStore, file } = await storeWith(document);
    const page = await client.vectorStores.search(vectorStore, { query: 'How do you do great work?' });
    expect(page.data).toMatchObject([{ file_id: file, filename: 'essay.txt' }]);
    expect(page.data[0]?.content[0]?.text).toContain('curious');
    expect(page.data[0]?.score).toBeGreaterThan(0);
    expect(page.data[0]?.score).toBeLessThanOrEqual(1);
    expect(await (await client.files.content(file)).text()).toBe(document);
  });

  test('runs inside a response, and the answer quotes and cites the file', async () => {
    const { vectorStore, file } = await storeWith(document);
    const events = await collect(
      await client.responses.create({
        model: 'm',
        input: 'How do you do great work?',
        stream: true,
        tools: [{ type: 'file_search', vector_store_ids: [vectorStore] }],
        include: ['file_search_call.results'],
      }),
    );
    expect(runLengths(events).slice(2, 7)).toEqual([
      'response.output_item.added',
      'response.file_search_call.in_progress',
      'response.file_search_call.searching',
      'response.file_search_call.completed',
      'response.output_item.done',
    ]);
    const last = events.at(-1);
    if (last?.type !== 'response.completed') throw new Error('not completed');
    expect(last.response.output).toMatchObject([
      { type: 'file_search_call', status: 'completed', results: [{ file_id: file, filename: 'essay.txt' }] },
      { type: 'message', content: [{ annotations: [{ type: 'file_citation', file_id: file }] }] },
    ]);
    expect(JSON.stringify(last.response.output)).toContain('pick something you are curious about');
  });

  test('shows its results only to those who ask for them', async () => {
    const { vectorStore } = await storeWith(document);
    const response = await client.responses.create({
      model: 'm',
      input: 'How do you do great work?',
      tools: [{ type: 'file_search', vector_store_ids: [vectorStore] }],
    });
    expect(response.output[0]).toMatchObject({ type: 'file_search_call', results: null });
    const asked = await client.responses.retrieve(response.id, { include: ['file_search_call.results'] });
    expect(asked.output[0]).toMatchObject({ results: [{ filename: 'essay.txt' }] });
  });

  test.each(['previous_response', 'conversation'] as const)(
    'goes on with a function of the client and then the answer, state by %s',
    async (state) => {
      const { vectorStore } = await storeWith(document);
      const tools = [
        { type: 'file_search' as const, vector_store_ids: [vectorStore] },
        {
          type: 'function' as const,
          name: 'save_note',
          description: 'Saves a note',
          strict: true,
          parameters: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
        },
      ];
      const conversation = state === 'conversation' ? (await client.conversations.create()).id : null;
      const first = await client.responses.create({
        model: 'm',
        tools,
        conversation,
        input: 'How do you do great work? Save a note of it.',
      });
      expect(first.output.map(({ type }) => type)).toEqual(['file_search_call', 'function_call']);
      const call = first.output[1];
      if (call?.type !== 'function_call') throw new Error('no function call');
      expect(JSON.parse(call.arguments)).toEqual({ text: expect.stringContaining('curious') });
      const second = await client.responses.create({
        model: 'm',
        tools,
        input: [{ type: 'function_call_output', call_id: call.call_id, output: 'saved' }],
        ...(conversation === null ? { previous_response_id: first.id } : { conversation }),
      });
      expect(second.output_text).toMatch(
        /^According to the files: .*curious.*\nThe save_note tool returned: saved$/s,
      );
    },
  );
});

describe('many turns side by side', () => {
  test('each follow the script of their own', async () => {
    const steps = eachTurn([reply.functionCall('f'), ({ prompt }) => reply.text(`done ${prompt}`)]);
    await start({ script: firstOf(when('turn', steps), () => reply.text('other')) });
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const first = await client.responses.create({ model: 'm', input: `turn ${index}` });
        const input = first.output.flatMap((item) =>
          item.type === 'function_call'
            ? [{ type: 'function_call_output' as const, call_id: item.call_id, output: 'ok' }]
            : [],
        );
        const last = await client.responses.create({ model: 'm', input, previous_response_id: first.id });
        return last.output_text;
      }),
    );
    expect(answers).toEqual(answers.map((_, index) => `done turn ${index}`));
  });
});
