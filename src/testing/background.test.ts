import OpenAI, { APIConnectionError } from 'openai';
import type { Response, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { afterEach, describe, expect, test } from 'vitest';
import { reply, script, ScriptedResponsesServer } from './index.js';
import type { Reply, ScriptedResponsesOptions } from './index.js';

let server: ScriptedResponsesServer;
let client: OpenAI;

async function start(options: ScriptedResponsesOptions = {}): Promise<void> {
  server = await ScriptedResponsesServer.start(options);
  client = new OpenAI({ baseURL: server.url, apiKey: 'any', maxRetries: 0 });
}

const play = (...replies: Reply[]): Promise<void> => start({ script: script(replies) });
const ASK = { model: 'm', input: 'Hi', background: true } as const;

interface Read {
  readonly events: readonly ResponseStreamEvent[];
  readonly id: string;
  readonly error: unknown;
}

/** Reads a stream to its end, or until it has given so many events. */
async function read(
  opening: PromiseLike<AsyncIterable<ResponseStreamEvent>>,
  atMost = Infinity,
): Promise<Read> {
  const events: ResponseStreamEvent[] = [];
  let error: unknown;
  try {
    for await (const event of await opening) if (events.push(event) >= atMost) break;
  } catch (thrown) {
    error = thrown;
  }
  const first = events[0];
  return { events, error, id: first && 'response' in first ? first.response.id : '' };
}

const create = (atMost?: number): Promise<Read> =>
  read(client.responses.create({ ...ASK, stream: true }), atMost);
const resume = (id: string, starting_after?: number, atMost?: number): Promise<Read> =>
  read(
    client.responses.retrieve(id, {
      stream: true,
      ...(starting_after !== undefined && { starting_after }),
    }),
    atMost,
  );
const numbers = ({ events }: Read): number[] => events.map(({ sequence_number }) => sequence_number);
const types = ({ events }: Read): string[] => events.map(({ type }) => type);
const upTo = (end: number, from = 0): number[] =>
  Array.from({ length: end - from }, (_, index) => from + index);

async function until(id: string, status: Response['status']): Promise<Response> {
  for (;;) {
    const response = await client.responses.retrieve(id);
    if (response.status === status) return response;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

afterEach(() => server.stop());

describe('a streamed response in the background', () => {
  test('begins queued and then goes on like the others', async () => {
    await play(reply.text('Hello'));
    const all = await create();
    expect(types(all).slice(0, 4)).toEqual([
      'response.created',
      'response.queued',
      'response.in_progress',
      'response.output_item.added',
    ]);
    const statuses = all.events.flatMap((event) => ('response' in event ? [event.response.status] : []));
    expect(statuses).toEqual(['queued', 'queued', 'in_progress', 'completed']);
    expect(numbers(all)).toEqual(upTo(all.events.length));
  });

  test('goes on when its client has gone, and is resumed where it broke, with the same numbers', async () => {
    await play([reply.text('Hello '.repeat(20)), reply.cut(6)]);
    const first = await create();
    expect(first.error).toBeDefined();
    expect(numbers(first)).toEqual(upTo(6));
    const rest = await resume(first.id, 5);
    expect(numbers(rest)).toEqual(upTo(6 + rest.events.length, 6));
    expect(types(rest).at(-1)).toBe('response.completed');
    expect((await client.responses.retrieve(first.id)).output_text).toBe('Hello '.repeat(20));
  });

  test('is followed live by any number of streams, from the start or from within', async () => {
    await start({ script: script([[reply.text('Hello'), reply.delay(100), reply.text(' there')]]) });
    const { id } = await create(1);
    const [whole, part] = await Promise.all([resume(id), resume(id, 0)]);
    expect(numbers(whole)).toEqual(upTo(whole.events.length));
    expect(types(part)[0]).toBe('response.queued');
    expect(part.events).toEqual(whole.events.slice(1));
    expect((await resume(id, whole.events.length - 1)).events).toEqual([]);
  });

  test('breaks for so many streams as its script says', async () => {
    await play([reply.text('Hello'), reply.end(3, { times: 2 })]);
    const first = await create();
    const second = await resume(first.id, 2);
    const third = await resume(first.id, 5);
    expect([numbers(first), numbers(second)]).toEqual([upTo(3), upTo(6, 3)]);
    expect(types(third).at(-1)).toBe('response.completed');
  });

  test('cannot be streamed for ever', async () => {
    await start({ streamableMs: 0 });
    const { id } = await create();
    expect((await resume(id)).error).toMatchObject({
      status: 400,
      message: expect.stringContaining('no longer'),
    });
    expect((await client.responses.retrieve(id)).status).toBe('completed');
  });

  test('that was recorded is known by its own id', async () => {
    const response = { id: 'resp_old', object: 'response', output: [], status: 'queued' };
    const events = [
      { type: 'response.created', sequence_number: 0, response },
      { type: 'response.completed', sequence_number: 1, response: { ...response, status: 'completed' } },
    ];
    await play([reply.recorded(events), reply.cut()]);
    expect((await create(1)).id).toBe('resp_old');
    expect(await resume('resp_old', 0)).toMatchObject({ events: [events[1]], error: undefined });
  });
});

describe('a polled response in the background', () => {
  test('is answered at once and found when it is done', async () => {
    await play([reply.delay(60_000), reply.text('too late')], reply.text('Hello'));
    const begun = await client.responses.create(ASK);
    expect(begun).toMatchObject({ status: 'queued', background: true, output: [] });
    expect((await until(begun.id, 'in_progress')).output).toEqual([]);
    await client.responses.cancel(begun.id);
    const quick = await client.responses.create(ASK);
    expect(quick).toMatchObject({ status: 'queued', background: true, output: [] });
    expect((await until(quick.id, 'completed')).output_text).toBe('Hello');
  });

  test('that is cut off before its answer exists all the same', async () => {
    await play([reply.text('Hello'), reply.cut(0)]);
    await expect(client.responses.create(ASK)).rejects.toThrow(APIConnectionError);
    const id = server.modelRequests[0]?.response_id ?? '';
    expect((await until(id, 'completed')).output_text).toBe('Hello');
  });

  test('stands in its conversation only when it is done, and cannot be gone on from before', async () => {
    await play([reply.delay(60_000), reply.text('too late')], reply.text('Hello'));
    const conversation = (await client.conversations.create()).id;
    const items = async (): Promise<number> =>
      (await client.conversations.items.list(conversation)).data.length;
    const { id } = await client.responses.create({ ...ASK, conversation });
    expect(await items()).toBe(0);
    await expect(
      client.responses.create({ model: 'm', input: 'And?', previous_response_id: id }),
    ).rejects.toMatchObject({ status: 400, param: 'previous_response_id' });
    await client.responses.cancel(id);
    await until((await client.responses.create({ ...ASK, conversation })).id, 'completed');
    expect(await items()).toBe(2);
  });

  test('fails when its script does', async () => {
    await play(
      reply.text(() => {
        throw new Error('typo');
      }),
    );
    const { id } = await client.responses.create(ASK);
    expect((await until(id, 'failed')).error?.message).toContain('typo');
  });
});

describe('cancelling', () => {
  test('ends a response in the background and its streams, and leaves its conversation as it was', async () => {
    await play([reply.text('Hello'), reply.delay(60_000), reply.text(' there')]);
    const conversation = (await client.conversations.create()).id;
    const { id } = await client.responses.create({ ...ASK, conversation });
    const following = resume(id, 0);
    await server.waitForRequest(({ method, sent_events }) => method === 'GET' && sent_events > 6);
    expect(await client.responses.cancel(id)).toMatchObject({ id, status: 'cancelled' });
    const followed = await following;
    expect(followed.error).toBeUndefined();
    expect(types(followed).at(-1)).toBe('response.output_item.done');
    expect((await client.responses.retrieve(id)).status).toBe('cancelled');
    expect((await client.conversations.items.list(conversation)).data).toEqual([]);
  });

  test('changes nothing of a response that is over, nor when it is asked for twice', async () => {
    await play(reply.text('Hello'), [reply.delay(60_000), reply.text('Hello')]);
    const done = await create();
    expect((await client.responses.cancel(done.id)).status).toBe('completed');
    const { id } = await client.responses.create(ASK);
    await client.responses.cancel(id);
    expect((await client.responses.cancel(id)).status).toBe('cancelled');
  });

  test('is refused for a response in the foreground, and for none at all', async () => {
    await play(reply.text('Hello'));
    const { id } = await client.responses.create({ model: 'm', input: 'Hi' });
    await expect(client.responses.cancel(id)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('Cannot cancel a synchronous response.'),
    });
    await expect(client.responses.cancel('resp_x')).rejects.toMatchObject({ status: 404 });
    expect((await resume(id)).error).toMatchObject({ status: 400 });
  });

  test('is what deleting a response does first', async () => {
    await play([reply.delay(60_000), reply.text('Hello')]);
    const { id } = await client.responses.create(ASK);
    await client.responses.delete(id);
    await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
  });
});

describe('the background', () => {
  test('needs a response that is stored', async () => {
    await start();
    await expect(client.responses.create({ ...ASK, store: false })).rejects.toMatchObject({
      status: 400,
      param: 'store',
    });
  });

  test('of a server that can only be polled has no streams', async () => {
    await start({ dialect: { background: 'poll' }, script: script([reply.text('x'), reply.text('x')]) });
    expect((await create()).error).toMatchObject({ status: 400, param: 'stream' });
    const { id } = await client.responses.create(ASK);
    expect((await until(id, 'completed')).output_text).toBe('x');
    const answer = await fetch(`${server.url}/responses/${id}?stream=true`, {
      headers: { authorization: 'Bearer any' },
    });
    expect(await answer.json()).toMatchObject({ id, status: 'completed' });
  });

  test('of a server without one is refused or not taken notice of', async () => {
    await start({ dialect: { background: 'refused' } });
    await expect(client.responses.create(ASK)).rejects.toMatchObject({ status: 400, param: 'background' });
    await server.stop();
    await start({ dialect: { background: 'ignored' } });
    expect(await client.responses.create(ASK)).toMatchObject({ status: 'completed', background: false });
  });
});
