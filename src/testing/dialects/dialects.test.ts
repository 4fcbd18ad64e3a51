import OpenAI, { toFile } from 'openai';
import { afterEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../events/json.js';
import { reply, ScriptedResponsesServer } from '../index.js';
import type { DialectOption, Reply, ScriptedResponsesOptions } from '../index.js';
import { isObject, objectOf, objectsOf, stringOf } from '../wire.js';

let server: ScriptedResponsesServer | undefined;

async function start(options: ScriptedResponsesOptions): Promise<OpenAI> {
  server = await ScriptedResponsesServer.start(options);
  return new OpenAI({ baseURL: server.url, apiKey: 'any', maxRetries: 0 });
}

afterEach(() => server?.stop());

/** The bytes that one streamed request is answered with. */
async function wire(dialect: DialectOption, said: Reply, more: JsonObject = {}): Promise<string> {
  await start({ dialect, script: () => said });
  const answer = await fetch(`${server?.url}/responses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer any' },
    body: JSON.stringify({ model: 'm', input: 'Hi', stream: true, ...more }),
  });
  return answer.text();
}

/** Its events. */
async function stream(dialect: DialectOption, said: Reply, more: JsonObject = {}): Promise<JsonObject[]> {
  const lines = (await wire(dialect, said, more)).split('\n').filter((line) => line.startsWith('data: {'));
  return lines.map((line) => JSON.parse(line.slice('data: '.length))).filter(isObject);
}

const typesOf = (events: readonly JsonObject[]): string[] => events.map(({ type }) => String(type));
const short = (events: readonly JsonObject[]): string[] =>
  events
    .map(({ type, output_index }) => `${String(type).replace('response.', '')} ${String(output_index)}`)
    .filter((line, index, all) => line !== all[index - 1])
    .slice(2, -1);
const itemOf = (event: JsonObject | undefined): JsonObject => objectOf(event?.['item']);

const TEXT = reply.text('Hello there, this is a longer text.');
const CALLS = [reply.functionCall('f', { a: 'some text' }), reply.functionCall('g', { b: 'more of it' })];

describe('the framing', () => {
  test('without event lines is data alone', async () => {
    expect(await wire({}, TEXT)).toMatch(/^event: response\.created\ndata: \{/);
    await server?.stop();
    const text = await wire({ eventLines: false }, TEXT);
    expect(text).not.toContain('event:');
    expect(text).toMatch(/^data: \{.*"response\.created"/);
  });

  test('with an end marker has it after the last event, not after a stream that broke', async () => {
    expect(await wire({ doneMarker: true }, TEXT)).toMatch(/"response\.completed".*\n\ndata: \[DONE\]\n\n$/);
    await server?.stop();
    expect(await wire({ doneMarker: true }, [TEXT, reply.end(4)])).not.toContain('[DONE]');
  });

  test('with keepalives shows comments or events while there is nothing else to say', async () => {
    // Long enough for a busy machine to be on time twice.
    const slow = [reply.text('Hello'), reply.delay(500), reply.text(' there')];
    const comments = await wire({ keepalive: 'comment', keepaliveMs: 10 }, slow);
    expect(comments).toMatch(/^: OPENROUTER PROCESSING\n\n/);
    expect(comments.match(/^: /gm)?.length).toBeGreaterThan(1);
    await server?.stop();
    const events = await stream({ keepalive: 'event', keepaliveMs: 10 }, slow);
    expect(typesOf(events).filter((type) => type === 'keepalive').length).toBeGreaterThan(1);
  });
});

describe('sequence numbers', () => {
  test('may leave out one before each hosted call', async () => {
    const events = await stream({ sequenceNumbers: 'gaps' }, [reply.webSearch('cats'), TEXT, ...CALLS]);
    const numbers = events.map(({ sequence_number }) => sequence_number);
    expect(numbers.slice(0, 4)).toEqual([0, 1, 3, 4]);
    expect(numbers.at(-1)).toBe(events.length);
  });

  test('may be missing', async () => {
    const events = await stream({ sequenceNumbers: 'none' }, TEXT);
    expect(events.filter((event) => 'sequence_number' in event)).toEqual([]);
  });
});

describe('ids', () => {
  test('that rotate are new in every event, for responses and items', async () => {
    const events = await stream({ ids: 'rotating', responseIds: true }, [TEXT, ...CALLS]);
    const ids = events.flatMap((event) => [
      stringOf(event['item_id']) ?? '',
      stringOf(event['response_id']) ?? '',
      stringOf(itemOf(event)['id']) ?? '',
      stringOf(objectOf(event['response'])['id']) ?? '',
      ...objectsOf(objectOf(event['response'])['output']).map(({ id }) => String(id)),
    ]);
    const named = ids.filter((id) => id !== '');
    expect(named.length).toBeGreaterThan(events.length);
    expect(new Set(named).size).toBe(named.length);
    expect(named.every((id) => /^(?:resp|msg|fc)_/.test(id))).toBe(true);
  });

  test('of the final output may be others than those of its items', async () => {
    const events = await stream({ ids: 'other_at_end' }, TEXT);
    const done = events.find(({ type }) => type === 'response.output_item.done');
    const last = objectOf(events.at(-1)?.['response']);
    expect(last['id']).toBe(objectOf(events[0]?.['response'])['id']);
    expect(objectsOf(last['output'])[0]?.['id']).not.toBe(itemOf(done)['id']);
  });

  test('of the response may stand on items and parts', async () => {
    const events = await stream({ responseIds: true }, TEXT);
    const id = objectOf(events[0]?.['response'])['id'];
    const naming = events.filter((event) => 'response_id' in event);
    expect(typesOf(naming).map((type) => type.replace('response.', ''))).toEqual([
      'output_item.added',
      'content_part.added',
      'content_part.done',
      'output_item.done',
    ]);
    expect(naming.every(({ response_id }) => response_id === id)).toBe(true);
  });

  test('of calls may come again in every response', async () => {
    const events = await stream({ callIds: 'per_response' }, [TEXT, ...CALLS]);
    const calls = objectsOf(objectOf(events.at(-1)?.['response'])['output']).map(({ call_id }) => call_id);
    expect(calls).toEqual([undefined, 'call_1', 'call_2']);
  });
});

describe('output indexes', () => {
  test('that are shared are those of what is done, and calls side by side are closed together', async () => {
    expect(short(await stream({ outputIndexes: 'shared' }, [TEXT, ...CALLS]))).toEqual([
      'output_item.added 0',
      'content_part.added 0',
      'output_text.delta 0',
      'output_text.done 0',
      'content_part.done 0',
      'output_item.done 0',
      'output_item.added 1',
      'function_call_arguments.delta 1',
      'output_item.added 1',
      'function_call_arguments.delta 1',
      'function_call_arguments.done 1',
      'output_item.done 1',
      'output_item.done 2',
    ]);
  });

  test('may be wrong when a message is added', async () => {
    const lines = short(await stream({ outputIndexes: 'added_at_zero' }, [...CALLS, TEXT]));
    expect(lines.slice(-6)).toEqual([
      'output_item.added 0',
      'content_part.added 2',
      'output_text.delta 2',
      'output_text.done 2',
      'content_part.done 2',
      'output_item.done 2',
    ]);
    expect(lines.filter((line) => line.startsWith('output_item.added'))).toEqual([
      'output_item.added 0',
      'output_item.added 1',
      'output_item.added 0',
    ]);
  });
});

describe('events that some servers leave out', () => {
  test('are the end of a text and its annotations', async () => {
    const cited = reply.text({ text: 'See a.', annotations: [{ type: 'file_citation', index: 3 }] });
    const plain = typesOf(await stream({}, cited));
    await server?.stop();
    const left = await stream({ textDone: false, annotationEvents: false }, cited);
    expect(plain.filter((type) => !typesOf(left).includes(type))).toEqual([
      'response.output_text.annotation.added',
      'response.output_text.done',
    ]);
    expect(JSON.stringify(left.at(-1))).toContain('file_citation');
  });

  test('are the deltas of the arguments', async () => {
    const events = await stream({ argumentDeltas: false }, CALLS);
    const said = events.filter(({ type }) => String(type).startsWith('response.function_call_arguments'));
    expect(said.map(({ type, arguments: args }) => [type, args])).toEqual([
      ['response.function_call_arguments.done', '{"a":"some text"}'],
      ['response.function_call_arguments.done', '{"b":"more of it"}'],
    ]);
  });
});

describe('hosted calls', () => {
  test('may say their arguments as a function before they are added', async () => {
    const steps = [
      reply.webSearch('cats'),
      reply.mcpCall('lab', 'boil', { x: 1 }, { output: 'ok' }),
      reply.mcpCall('lab', 'boil', { x: 2 }, { error: 'cold' }),
    ];
    const events = await stream({ hostedArguments: 'first' }, steps);
    expect(short(events)).toEqual([
      'function_call_arguments.delta 0',
      'function_call_arguments.done 0',
      'output_item.added 0',
      'web_search_call.in_progress 0',
      'web_search_call.searching 0',
      'web_search_call.completed 0',
      'output_item.done 0',
      ...['completed', 'failed'].flatMap((end, index) => [
        `function_call_arguments.delta ${index + 1}`,
        `mcp_call.arguments.done ${index + 1}`,
        `output_item.added ${index + 1}`,
        `mcp_call.in_progress ${index + 1}`,
        `mcp_call.${end} undefined`,
        `output_item.done ${index + 1}`,
      ]),
    ]);
    const added = events.find(({ type }) => type === 'response.output_item.added');
    expect(events.find(({ item_id }) => item_id !== undefined)?.['item_id']).toBe(itemOf(added)['id']);
  });

  test('may show their results unasked', async () => {
    const client = await start({
      dialect: { searchResults: 'always' },
      script: () => [reply.fileSearch('cats')],
    });
    const { id } = await client.vectorStores.create({ name: 'v' });
    const file = await client.files.create({
      file: await toFile(Buffer.from('Cats sleep.'), 'a.txt'),
      purpose: 'assistants',
    });
    await client.vectorStores.files.createAndPoll(id, { file_id: file.id });
    const tools = [{ type: 'file_search' as const, vector_store_ids: [id] }];
    const { output } = await client.responses.create({ model: 'm', input: 'Cats?', tools });
    expect(output[0]).toMatchObject({ results: [{ filename: 'a.txt' }] });
  });
});

describe('errors', () => {
  const failing = reply.error({ code: 'overloaded', message: 'Too much' });

  test('in a stream are nested or flat', async () => {
    const nested = { type: 'server_error', code: 'overloaded', message: 'Too much', param: null };
    expect((await stream({}, failing)).at(-1)).toEqual({ type: 'error', error: nested, sequence_number: 2 });
    await server?.stop();
    const flat = { type: 'error', code: 'overloaded', message: 'Too much', param: null, sequence_number: 2 };
    expect((await stream({ errors: 'flat' }, failing)).at(-1)).toEqual(flat);
  });

  test('that refuse a stream may be an event with the status as its code', async () => {
    const refused = await stream({ refusals: 'event', errors: 'flat' }, TEXT, { previous_response_id: 'x' });
    expect(refused).toEqual([
      {
        type: 'error',
        code: '400',
        message: "Previous response with id 'x' not found.",
        param: 'previous_response_id',
        sequence_number: 0,
      },
    ]);
    await server?.stop();
    expect(await stream({ refusals: 'event' }, reply.status(429))).toMatchObject([
      { error: { code: '429' } },
    ]);
    const asked = new OpenAI({ baseURL: server?.url ?? '', apiKey: 'any', maxRetries: 0 });
    await expect(asked.responses.create({ model: 'm', input: 'Hi' })).rejects.toMatchObject({ status: 429 });
  });
});

describe('what a server keeps', () => {
  test('may be nothing', async () => {
    const client = await start({ dialect: { store: false, unknownPreviousStatus: 404 } });
    const first = await client.responses.create({ model: 'm', input: 'Hi', store: true });
    expect(first).toMatchObject({ store: false });
    await expect(client.responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 });
    await expect(
      client.responses.create({ model: 'm', input: 'And?', previous_response_id: first.id }),
    ).rejects.toMatchObject({ status: 404, code: 'previous_response_not_found' });
  });

  test('may not be missed: what names it is not taken notice of', async () => {
    const client = await start({ dialect: { previousResponse: 'ignored', conversations: 'ignored' } });
    await expect(client.conversations.create()).rejects.toMatchObject({ status: 404 });
    const more = { previous_response_id: 'resp_x', conversation: 'conv_x' };
    const answer = await client.responses.create({ model: 'm', input: 'Hi', ...more });
    expect(answer).toMatchObject({ status: 'completed', previous_response_id: null });
    expect(answer.output_text).toContain('turn 1');
  });
});

test('a dialect can be another one with single differences', async () => {
  const events = await stream({ like: 'ogx', textDone: true, sequenceNumbers: 'none' }, TEXT);
  expect(typesOf(events)).toContain('response.output_text.done');
  expect(events[2]).toHaveProperty('response_id');
});
