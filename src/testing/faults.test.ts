import OpenAI, { APIConnectionError, APIError } from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { afterEach, describe, expect, test } from 'vitest';
import { reply, script, ScriptedResponsesServer } from './index.js';
import type { Reply, ScriptedResponsesOptions } from './index.js';

let server: ScriptedResponsesServer;
let client: OpenAI;

async function start(options: ScriptedResponsesOptions): Promise<void> {
  server = await ScriptedResponsesServer.start(options);
  client = new OpenAI({ baseURL: server.url, apiKey: 'any', maxRetries: 0 });
}

/** The types of the events that arrive, and the error that ends them if one does. */
async function run(
  options: { conversation?: string; signal?: AbortSignal; stopAfter?: number } = {},
): Promise<{
  types: string[];
  error: unknown;
}> {
  const { conversation, signal, stopAfter } = options;
  const types: string[] = [];
  try {
    const stream: AsyncIterable<ResponseStreamEvent> = await client.responses.create(
      { model: 'm', input: 'Hi', stream: true, ...(conversation !== undefined && { conversation }) },
      signal ? { signal } : {},
    );
    for await (const event of stream) {
      types.push(event.type);
      if (types.length === stopAfter) break;
    }
    return { types, error: undefined };
  } catch (error) {
    return { types, error };
  }
}

const play = (...replies: Reply[]): Promise<void> => start({ script: script(replies) });

function post(): Promise<Response> {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer any' };
  const body = JSON.stringify({ model: 'm', input: 'Hi', stream: true });
  return fetch(`${server.url}/responses`, { method: 'POST', headers, body });
}

/** The bytes of a stream as text. */
const raw = async (): Promise<string> => (await post()).text();

afterEach(() => server.stop());

describe('a scripted fault', () => {
  test('as a status is an HTTP error that tells when to come back', async () => {
    await play(reply.status(429, { retryAfter: 2, message: 'Slow down', code: 'rate_limit_exceeded' }));
    const { error } = await run();
    if (!(error instanceof APIError)) throw new Error('not an APIError');
    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'rate_limit_error' });
    expect(new Headers(error.headers).get('retry-after')).toBe('2');
    expect(error.requestID).toMatch(/^req_/);
  });

  test('that cuts the socket gives exactly the events before it, then an error', async () => {
    await play([reply.text('Hello there'), reply.cut(4)], reply.cut(0), [reply.text('Hello'), reply.cut()]);
    const counted = await run();
    expect(counted.types).toHaveLength(4);
    expect(counted.error).toBeDefined();
    expect(await run()).toMatchObject({ types: [], error: { name: 'Error' } });
    const placed = await run();
    expect(placed.types.at(-1)).toBe('response.output_item.done');
    expect(placed.error).toBeDefined();
    expect(
      server.modelRequests.map(({ sent_events, client_closed }) => [sent_events, client_closed]),
    ).toEqual([
      [4, false],
      [0, false],
      [8, false],
    ]);
  });

  test('that resets the socket gives exactly the events before it, then an error', async () => {
    await play([reply.text('Hello there'), reply.reset(4)], reply.reset(0));
    const counted = await run();
    expect(counted.types).toHaveLength(4);
    expect(counted.error).toBeDefined();
    expect(await run()).toMatchObject({ types: [], error: { cause: { cause: { code: 'ECONNRESET' } } } });
  });

  test('in a frame that is no JSON breaks the reader there, but not the server', async () => {
    await play([reply.text('Hello'), reply.malformed(4)], [reply.text('Hello'), reply.malformed()]);
    expect(await run()).toMatchObject({ types: { length: 4 }, error: { name: 'SyntaxError' } });
    const text = await raw();
    expect(text).toContain('data: {"type":"response.output_text.delta","del\n\n');
    expect(text.trimEnd().split('\n').at(-2)).toBe('event: response.completed');
  });

  test('in the bytes splits lines and characters, and changes nothing of what they say', async () => {
    const said = 'Grüße, 世界 👋';
    await play([reply.splitBytes(1), reply.text(said)], [reply.splitBytes(), reply.text(said)]);
    const text = await raw();
    expect(text).toContain(said);
    const stream = await client.responses.create({ model: 'm', input: 'Hi', stream: true });
    let heard = '';
    for await (const event of stream) if (event.type === 'response.output_text.delta') heard += event.delta;
    expect(heard).toBe(said);
  });

  test('in the bytes reaches the client in the middle of characters', async () => {
    await play([reply.splitBytes(1), reply.text('世'.repeat(20))]);
    const answer = await post();
    const pieces: Uint8Array[] = [];
    for await (const piece of answer.body ?? []) pieces.push(piece);
    const isBroken = (piece: Uint8Array): boolean => Buffer.from(piece).toString('utf8').includes('\ufffd');
    expect(pieces.some(isBroken)).toBe(true);
  });

  test('as a delay keeps the headers, an event or what follows a step back', async () => {
    await play(
      [reply.text('Hello'), reply.delay(60_000, 0)],
      [reply.text('Hello'), reply.delay(60_000, 3)],
      [reply.text('Hello'), reply.delay(60_000), reply.text(' there')],
      [reply.text('Hello'), reply.delay(1, 0), reply.delay(1, 3), reply.delay(1)],
    );
    const seen = async (events: number): Promise<number | undefined> => {
      const n = server.modelRequests.length + 1;
      const leave = new AbortController();
      const running = run({ signal: leave.signal });
      await server.waitForRequest(n);
      if (events > 0) await server.waitForRequest(({ sent_events }) => sent_events === events);
      leave.abort();
      await running;
      const entry = await server.waitForRequest(() => server.modelRequests[n - 1]?.client_closed === true);
      expect(server.modelRequests[n - 1]?.sent_events).toBe(events);
      return entry.status;
    };
    expect(await seen(0)).toBeUndefined();
    await seen(3);
    await seen(8);
    expect(await run()).toMatchObject({ error: undefined, types: { length: 9 } });
  });

  test('that ends the stream early ends it cleanly, without a terminal event', async () => {
    await play([reply.text('Hello'), reply.end(5)]);
    const { types, error } = await run();
    expect(error).toBeUndefined();
    expect(types).toHaveLength(5);
    expect(types.at(-1)).toBe('response.output_text.delta');
  });

  test('that stalls keeps the connection until the client leaves', async () => {
    await play([reply.text('Hello'), reply.stall(3)]);
    const leave = new AbortController();
    const running = run({ signal: leave.signal });
    const entry = await server.waitForRequest(({ sent_events }) => sent_events === 3);
    expect(entry.client_closed).toBe(false);
    leave.abort();
    await running;
    const closed = await server.waitForRequest(({ client_closed }) => client_closed);
    expect(closed.client_closed_at).toBeDefined();
    expect(closed.sent_events).toBe(3);
  });

  test('in the response ends it as failed or incomplete', async () => {
    await play(
      [reply.text('Hel'), reply.incomplete('max_output_tokens')],
      reply.fail({ code: 'server_error', message: 'Sorry' }),
    );
    const cut = await client.responses.create({ model: 'm', input: 'Hi' });
    expect(cut).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ status: 'incomplete' }],
    });
    const failed = await client.responses.create({ model: 'm', input: 'Hi' });
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'server_error', message: 'Sorry' } });
  });

  test('as an error event makes the SDK throw what it says', async () => {
    await play(reply.error({ code: 'overloaded', message: 'Too much' }));
    const { error } = await run();
    expect(error).toMatchObject({ code: 'overloaded' });
  });

  test('of the script itself is told, and the server lives on', async () => {
    const broken = (): never => {
      throw new Error('typo');
    };
    await start({ script: script([broken, reply.text(broken), reply.text('Hello')]) });
    expect((await run()).error).toMatchObject({ status: 500, message: expect.stringContaining('typo') });
    expect((await run()).error).toMatchObject({ code: 'script_failed' });
    expect((await run()).types.at(-1)).toBe('response.completed');
    expect((await run()).error).toMatchObject({ status: 400, code: 'no_scripted_answer' });
  });
});

describe('a fault that happens so many times', () => {
  test('happens to the first requests that say the same, also side by side with others', async () => {
    const twice = [reply.status(503, { times: 1 }), reply.text('Hello'), reply.cut(3, { times: 2 })];
    await start({ script: () => twice });
    const ask = async (input: string): Promise<unknown> =>
      client.responses
        .create({ model: 'm', input })
        .then(({ output_text }) => output_text)
        .catch((error: unknown) => (error instanceof APIError ? error.status : error));
    const told: unknown[] = [];
    for (const input of ['a', 'a', 'b', 'a', 'b', 'b']) told.push(await ask(input));
    expect(told).toEqual([503, undefined, 503, 'Hello', undefined, 'Hello']);
  });

  test('can be told by the script from the number of the attempt', async () => {
    await start({ script: ({ attempt }) => (attempt < 3 ? reply.status(500) : reply.text('Hello')) });
    expect((await run()).error).toMatchObject({ status: 500 });
    expect((await run()).error).toMatchObject({ status: 500 });
    expect((await run()).error).toBeUndefined();
  });
});

describe('a fault of an answer that is not streamed', () => {
  const ask = (): Promise<unknown> =>
    client.responses.create({ model: 'm', input: 'Hi' }).catch((error: unknown) => error);

  test('breaks it off before a byte is seen, or makes it no JSON', async () => {
    await play(
      [reply.text('Hello'), reply.reset(3)],
      [reply.text('Hello'), reply.cut()],
      [reply.text('Hello'), reply.end(2)],
      [reply.text('Hello'), reply.malformed()],
      [reply.delay(1, 0), reply.delay(1, 4), reply.delay(1), reply.splitBytes(), reply.text('Hello')],
    );
    expect(await ask()).toBeInstanceOf(APIConnectionError);
    expect(await ask()).toBeInstanceOf(APIConnectionError);
    await ask();
    expect(await ask()).toBeInstanceOf(SyntaxError);
    expect(await ask()).toMatchObject({ output_text: 'Hello' });
  });
});

describe('a client that leaves', () => {
  test('while the script still thinks gets and leaves nothing', async () => {
    let say: (said: Reply) => void = () => undefined;
    await start({ script: () => new Promise<Reply>((resolve) => (say = resolve)) });
    const { id } = await client.conversations.create();
    const leave = new AbortController();
    const running = run({ conversation: id, signal: leave.signal });
    await server.waitForRequest(1);
    leave.abort();
    await running;
    await server.waitForRequest(({ client_closed }) => client_closed);
    say(reply.text('Hello'));
    // A later request is answered after the one before has come to its end.
    expect((await client.conversations.items.list(id)).data).toEqual([]);
    expect(server.modelRequests[0]?.sent_events).toBe(0);
  });

  test('stops the model: nothing more is sent, and the conversation stays as it was', async () => {
    await start({ script: script([reply.text('x'.repeat(15_000), { perSecond: 200 })]) });
    const { id } = await client.conversations.create();
    await run({ conversation: id, stopAfter: 8 });
    const entry = await server.waitForRequest(({ client_closed }) => client_closed);
    expect(entry.sent_events).toBeLessThan(1000);
    expect((await client.conversations.items.list(id)).data).toEqual([]);
  });
});

describe('a response that was committed', () => {
  test.each(['reset', 'end', 'cut'] as const)('is complete although its end was lost by %s', async (kind) => {
    await play([reply.text('Hello'), reply[kind](undefined, { committed: true })]);
    const { id } = await client.conversations.create();
    const { types } = await run({ conversation: id });
    expect(types.at(-1)).toBe('response.output_item.done');
    expect((await client.conversations.items.list(id)).data).toHaveLength(2);
    const stored = server.modelRequests[0]?.response_id ?? '';
    expect((await client.responses.retrieve(stored)).output_text).toBe('Hello');
  });

  test('stands in the conversation although its client never saw the end', async () => {
    await play([reply.text('Hello'), reply.cut(4, { committed: true })], [reply.text('Hello'), reply.cut(4)]);
    const { id } = await client.conversations.create();
    expect((await run({ conversation: id })).error).toBeDefined();
    expect((await client.conversations.items.list(id, { order: 'asc' })).data).toMatchObject([
      { type: 'message', role: 'user' },
      { type: 'message', role: 'assistant' },
    ]);
    expect((await run({ conversation: id })).error).toBeDefined();
    expect((await client.conversations.items.list(id)).data).toHaveLength(2);
  });
});

describe('a recorded stream', () => {
  test('is replayed word for word and stored under its own id', async () => {
    const response = { id: 'resp_old', object: 'response', output: [], status: 'completed' };
    const events = [
      { type: 'response.created', response: { ...response, status: 'in_progress' } },
      { type: 'response.novelty', item_id: 'x' },
      { type: 'response.completed', response, sequence_number: 7 },
    ];
    await play(reply.recorded(events));
    const got: unknown[] = [];
    for await (const event of await client.responses.create({ model: 'm', input: 'Hi', stream: true }))
      got.push(event);
    expect(got).toEqual(events);
    expect((await client.responses.retrieve('resp_old')).status).toBe('completed');
  });
});
