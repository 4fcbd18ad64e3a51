import { expect, test } from 'vitest';
import type { Fetch } from './api.js';
import { readEvents } from './event-stream.js';
import type { Connection, StreamEdge, StreamMessage, StreamOptions } from './event-stream.js';

/** A connection of the fake gateway: pieces of text, then how it ends. */
type Answer = Response | Error | ((lastEventId: string | undefined) => Response);

const frame = (n: number): string => `id: c${n}\nevent: step_progress\ndata: {"n":${n}}\n\n`;

function stream(pieces: readonly string[], end: 'close' | 'break' | 'hang' = 'close'): Response {
  const left = [...pieces];
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const piece = left.shift();
      if (piece !== undefined) controller.enqueue(new TextEncoder().encode(piece));
      else if (end === 'close') controller.close();
      else if (end === 'break') controller.error(new TypeError('terminated'));
      else return new Promise(() => undefined);
    },
  });
  return new Response(body);
}

const problem = (status: number, headers: Record<string, string> = {}, code = 'some_code'): Response =>
  new Response(JSON.stringify({ title: `problem ${status}`, status, code }), {
    status,
    headers,
  });

interface Reading {
  readonly messages: readonly StreamMessage[];
  /** The Last-Event-ID of each request. */
  readonly cursors: readonly (string | undefined)[];
  readonly tokens: readonly (string | undefined)[];
  readonly connections: readonly Connection[];
  readonly waits: readonly number[];
  /** How many messages had come when reading started anew. */
  readonly restarts: readonly number[];
  readonly thrown: unknown;
}

/** Reads until `last` messages have come, or the reader ends. */
async function read(
  answers: Answer[],
  last: number,
  { token, ...options }: Partial<StreamOptions> & { token?: string } = {},
): Promise<Reading> {
  const cursors: (string | undefined)[] = [];
  const tokens: (string | undefined)[] = [];
  const connections: Connection[] = [];
  const waits: number[] = [];
  const restarts: number[] = [];
  const messages: StreamMessage[] = [];
  const credentials = {
    token,
    ask: () => {
      credentials.token = 'right';
      return Promise.resolve();
    },
  };
  const fetch: Fetch = (_path, { headers }) => {
    const sent = new Headers(headers);
    const cursor = sent.get('last-event-id') ?? undefined;
    cursors.push(cursor);
    tokens.push(sent.get('authorization') ?? undefined);
    const answer = answers.shift() ?? new Error('no further connection was expected');
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve(typeof answer === 'function' ? answer(cursor) : answer);
  };
  const edge: StreamEdge = {
    fetch,
    credentials,
    now: () => 0,
    random: () => 1,
    wait: (ms) => Promise.resolve(void waits.push(ms)),
  };
  let thrown: unknown;
  try {
    const reader = readEvents(edge, {
      path: '/turns/t/events',
      signal: new AbortController().signal,
      isOver: () => false,
      onConnection: (connection) => connections.push(connection),
      onRestart: () => restarts.push(messages.length),
      ...options,
    });
    for await (const message of reader) {
      messages.push(message);
      if (messages.length === last) break;
    }
  } catch (error) {
    thrown = error;
  }
  return { messages, cursors, tokens, connections, waits, restarts, thrown };
}

const numbers = (reading: Reading): number[] => reading.messages.map(({ data }) => (data as { n: number }).n);

test('events come one by one, however the pieces are cut', async () => {
  const text = frame(1) + ': hb\n\n' + frame(2) + frame(3);
  const reading = await read([stream([text.slice(0, 7), text.slice(7, 50), text.slice(50)], 'hang')], 3);

  expect(reading.messages).toEqual([1, 2, 3].map((n) => ({ id: `c${n}`, data: { n } })));
  expect(reading.cursors).toEqual([undefined]);
  expect(reading.connections).toEqual([{ state: 'connecting' }, { state: 'live' }]);
});

test('a letter that is cut in two is put together', async () => {
  const bytes = new TextEncoder().encode('id: a\ndata: "ä"\n\n');
  const at = bytes.indexOf(0xc3) + 1;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(bytes.slice(0, at));
      controller.enqueue(bytes.slice(at));
    },
  });

  expect((await read([new Response(body)], 1)).messages).toEqual([{ id: 'a', data: 'ä' }]);
});

test('a connection that breaks is made again from the last event', async () => {
  const reading = await read(
    [stream([frame(1), frame(2)], 'break'), new TypeError('fetch failed'), stream([frame(3)], 'hang')],
    3,
  );

  expect(numbers(reading)).toEqual([1, 2, 3]);
  expect(reading.cursors).toEqual([undefined, 'c2', 'c2']);
  expect(reading.waits).toEqual([500, 1000]);
});

test('the pauses grow while nothing comes, and start anew once something came', async () => {
  const down = (): Response => problem(503);
  const reading = await read(
    [down(), down(), down(), stream([frame(1)]), down(), stream([frame(2)], 'hang')],
    2,
  );

  expect(reading.waits).toEqual([500, 1000, 2000, 500, 1000]);
});

test('Retry-After is heeded', async () => {
  const reading = await read([problem(429, { 'retry-after': '7' }), stream([frame(1)], 'hang')], 1);

  expect(reading.waits).toEqual([7000]);
  expect(reading.connections).toContainEqual({ state: 'waiting', until: 7000, reason: 'problem 429' });
});

test('a slow page that was cut goes on behind the cursor that the cut names', async () => {
  const cut = 'event: cut\ndata: {"reason":"slow_client","after":"c1"}\n\n';
  const reading = await read([stream([frame(1), cut]), stream([frame(2)], 'hang')], 2);

  expect(numbers(reading)).toEqual([1, 2]);
  expect(reading.cursors).toEqual([undefined, 'c1']);
});

test('a connection that falls silent is given up', async () => {
  const reading = await read([stream([frame(1)], 'hang'), stream([frame(2)], 'hang')], 2, { silenceMs: 20 });

  expect(numbers(reading)).toEqual([1, 2]);
  expect(reading.connections).toContainEqual({
    state: 'waiting',
    until: 500,
    reason: 'The connection fell silent.',
  });
});

test('a stream that ends in order after the end of the turn is over', async () => {
  let ended = false;
  const reading = await read(
    [
      stream([frame(1)]),
      () => {
        ended = true;
        return stream([frame(2)]);
      },
    ],
    9,
    { isOver: () => ended },
  );

  expect(numbers(reading)).toEqual([1, 2]);
  expect(reading.connections.at(-1)).toEqual({ state: 'over' });
  expect(reading.thrown).toBeUndefined();
});

test('a connection that breaks behind the last event is over when nothing more is to come', async () => {
  const over = new Response(null, { status: 204 });
  const reading = await read([stream([frame(1)], 'break'), over], 9, { isOver: () => true });

  expect(numbers(reading)).toEqual([1]);
  expect(reading.connections.at(-1)).toEqual({ state: 'over' });
  expect(reading.thrown).toBeUndefined();
});

test.each([
  [400, 'invalid_cursor'],
  [410, 'events_expired'],
])('a cursor that is refused (%i %s) is dropped, and all is read anew', async (status, code) => {
  const refused = problem(status, {}, code);
  const again = stream([frame(7), frame(8)], 'hang');
  const reading = await read([stream([frame(1)], 'break'), refused, again], 3);

  expect(numbers(reading)).toEqual([1, 7, 8]);
  expect(reading.cursors).toEqual([undefined, 'c1', undefined]);
  expect(reading.restarts).toEqual([1]);
  expect(reading.thrown).toBeUndefined();
});

test('a turn that does not exist is not asked for again', async () => {
  const reading = await read([problem(404)], 1);

  expect(reading.thrown).toMatchObject({ name: 'ProblemError', status: 404, message: 'problem 404' });
  expect(reading.connections.at(-1)).toEqual({ state: 'broken', reason: 'problem 404' });
  expect(reading.cursors).toHaveLength(1);
});

test('after a 401 it goes on with the token that it is given', async () => {
  const reading = await read([stream([frame(1)], 'break'), problem(401), stream([frame(2)], 'hang')], 2, {
    token: 'old',
  });

  expect(reading.tokens).toEqual(['Bearer old', 'Bearer old', 'Bearer right']);
  expect(reading.cursors).toEqual([undefined, 'c1', 'c1']);
  expect(numbers(reading)).toEqual([1, 2]);
});

test('an event that is no JSON is left out and not asked for again', async () => {
  const reading = await read([stream(['id: c1\ndata: {nope\n\n'], 'break'), stream([frame(2)], 'hang')], 1);

  expect(numbers(reading)).toEqual([2]);
  expect(reading.cursors).toEqual([undefined, 'c1']);
});

test('an abort ends it without an error, in the middle of a pause too', async () => {
  const stop = new AbortController();
  const connections: Connection[] = [];
  const edge: StreamEdge = {
    fetch: () => Promise.reject(new TypeError('fetch failed')),
    credentials: { token: undefined, ask: () => Promise.resolve() },
    now: () => 0,
    random: () => 0,
    wait: () => Promise.resolve(stop.abort()),
  };
  const reader = readEvents(edge, {
    path: '/',
    signal: stop.signal,
    isOver: () => false,
    onConnection: (connection) => connections.push(connection),
    onRestart: () => undefined,
  });

  expect(await reader.next()).toEqual({ done: true, value: undefined });
  expect(connections.map(({ state }) => state)).toEqual(['connecting', 'waiting']);
});
