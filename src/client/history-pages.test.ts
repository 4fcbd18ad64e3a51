import type { Client } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TurnNotFoundError } from './errors.js';
import { historyPages } from './history-pages.js';

const NOT_FOUND = 5;
const INVALID_ARGUMENT = 3;
const DEADLINE = 4;
const EXHAUSTED = 8;
const UNAVAILABLE = 14;

interface Request {
  readonly maximumPageSize: number;
  readonly nextPageToken?: Uint8Array;
  readonly waitNewEvent: boolean;
}
type Answer = (request: Request) => unknown;

/** A gRPC error as grpc-js makes it. */
const grpc = (code: number, details = 'said the server') =>
  Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} });
const failing = (code: number, details?: string): Answer => {
  return () => {
    throw grpc(code, details);
  };
};
const page = (ids: readonly number[], next?: number): Answer => {
  return () => ({
    history: { events: ids.map((eventId) => ({ eventId })) },
    nextPageToken: next === undefined ? new Uint8Array() : new Uint8Array([next]),
  });
};

/** The part of a Client that is used, with an answer for each request; the last one stays. */
function fakeClient(...answers: Answer[]) {
  const requests: Request[] = [];
  const client = {
    options: { namespace: 'default' },
    connection: {
      withDeadline: (_at: number, call: () => unknown) => call(),
      withAbortSignal: (_signal: AbortSignal, call: () => unknown) => call(),
    },
    workflowService: {
      getWorkflowExecutionHistory: (request: Request) => {
        requests.push(request);
        const answer = answers[Math.min(requests.length, answers.length) - 1];
        return Promise.resolve(request).then(answer);
      },
    },
  };
  return { client: client as never as Client, requests };
}

async function idsOf(client: Client, wait = true, signal?: AbortSignal): Promise<unknown[]> {
  const ids: unknown[] = [];
  for await (const events of historyPages(client, 't', { wait, signal })) {
    ids.push(...events.map(({ eventId }) => eventId));
  }
  return ids;
}

/** Lets all pauses pass. */
async function soon<T>(work: Promise<T>): Promise<T> {
  const settled = work.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );
  await vi.runAllTimersAsync();
  return (await settled)();
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('of a slow reader no page is asked for ahead', async () => {
  const { client, requests } = fakeClient(page([1, 2], 1), page([3, 4], 2), page([5]));
  const pages = historyPages(client, 't', { wait: true });
  for (const asked of [1, 2]) {
    await pages.next();
    await vi.runAllTimersAsync();
    expect(requests).toHaveLength(asked);
  }
});

test('behind a signal the next page is asked for when its workflow task is likely done', async () => {
  const signalled: Answer = () => ({
    history: {
      events: [
        { eventId: 1, workflowExecutionSignaledEventAttributes: {} },
        { eventId: 2, workflowTaskScheduledEventAttributes: {} },
      ],
    },
    nextPageToken: new Uint8Array([7]),
  });
  const { client, requests } = fakeClient(signalled, page([3]));
  const reading = idsOf(client);
  await vi.advanceTimersByTimeAsync(20);
  expect(requests).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10);
  expect(await reading).toEqual([1, 2, 3]);
});

test('pages follow each other by their tokens, to the one that has none', async () => {
  const { client, requests } = fakeClient(page([1, 2], 7), page([], 8), page([3]));
  expect(await idsOf(client)).toEqual([1, 2, 3]);
  expect(requests.map(({ nextPageToken }) => nextPageToken?.[0])).toEqual([undefined, 7, 8]);
  expect(requests.every(({ waitNewEvent }) => waitNewEvent)).toBe(true);
});

describe('goes on from where it was', () => {
  test.each([
    ['a server that restarts', UNAVAILABLE],
    ['a poll that nothing came of', DEADLINE],
    ['a connection that was cut', 1],
  ])('after %s', async (_name, code) => {
    const { client, requests } = fakeClient(page([1], 7), failing(code), failing(code), page([2]));
    expect(await soon(idsOf(client))).toEqual([1, 2]);
    expect(requests.map(({ nextPageToken }) => nextPageToken?.[0])).toEqual([undefined, 7, 7, 7]);
  });

  test('from the start, where the server refuses its own token, and gives nothing twice', async () => {
    const { client, requests } = fakeClient(
      page([1, 2], 7),
      failing(INVALID_ARGUMENT),
      page([1, 2, 3], 8),
      failing(INVALID_ARGUMENT),
      page([1, 2, 3, 4]),
    );
    expect(await soon(idsOf(client))).toEqual([1, 2, 3, 4]);
    expect(requests.map(({ nextPageToken }) => nextPageToken?.[0])).toEqual([
      undefined,
      7,
      undefined,
      8,
      undefined,
    ]);
  });

  test('with a smaller page after one that was too large', async () => {
    const limit =
      (most: number): Answer =>
      (request) =>
        request.maximumPageSize > most
          ? failing(EXHAUSTED, 'Received message larger than max')(request)
          : page([1])(request);
    const { client, requests } = fakeClient(limit(20));
    expect(await soon(idsOf(client))).toEqual([1]);
    expect(requests.map(({ maximumPageSize }) => maximumPageSize)).toEqual([128, 64, 32, 16]);
  });

  test.each([true, false])(
    'also when the connection hid the refusal in a deadline (wait: %s)',
    async (wait) => {
      const limit: Answer = (request) =>
        request.maximumPageSize > 20 ? failing(DEADLINE)(request) : page([1])(request);
      const { client, requests } = fakeClient(limit);
      expect(await soon(idsOf(client, wait))).toEqual([1]);
      expect(requests).toHaveLength(4);
    },
  );

  test('after a server was asked too often, as long as it takes', async () => {
    const busy = Array.from({ length: 30 }, () => failing(EXHAUSTED, 'namespace rate limit exceeded'));
    const { client } = fakeClient(...busy, page([1]));
    expect(await soon(idsOf(client))).toEqual([1]);
  });
});

describe('gives up', () => {
  test('on a turn that nobody knows', async () => {
    const { client } = fakeClient(failing(NOT_FOUND));
    await expect(idsOf(client)).rejects.toThrow(TurnNotFoundError);
  });

  test('on one event that passes the limit', async () => {
    const { client, requests } = fakeClient(failing(EXHAUSTED, 'Received message larger than max (5 vs. 4)'));
    await expect(soon(idsOf(client))).rejects.toThrow('larger than max');
    expect(requests.at(-1)?.maximumPageSize).toBe(1);
  });

  test('on a server that refuses its own tokens again and again', async () => {
    const { client, requests } = fakeClient(
      ...Array.from({ length: 20 }, () => [page([1], 7), failing(INVALID_ARGUMENT)]).flat(),
    );
    await expect(soon(idsOf(client))).rejects.toMatchObject({ code: INVALID_ARGUMENT });
    expect(requests).toHaveLength(12);
  });

  test('on a request that is refused without a token', async () => {
    const { client, requests } = fakeClient(failing(INVALID_ARGUMENT));
    await expect(soon(idsOf(client))).rejects.toMatchObject({ code: INVALID_ARGUMENT });
    expect(requests).toHaveLength(1);
  });

  test('on errors that do not pass', async () => {
    const { client, requests } = fakeClient(failing(7));
    await expect(soon(idsOf(client))).rejects.toMatchObject({ code: 7 });
    expect(requests).toHaveLength(1);
  });

  test('at once on a server that is away, when it only looks', async () => {
    const { client } = fakeClient(failing(UNAVAILABLE));
    await expect(soon(idsOf(client, false))).rejects.toMatchObject({ code: UNAVAILABLE });
  });
});

describe('a signal', () => {
  test('that is aborted before asks nobody', async () => {
    const { client, requests } = fakeClient(page([1]));
    await expect(idsOf(client, true, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expect(requests).toEqual([]);
  });

  test('ends the reading with its reason, whatever the call says', async () => {
    const stop = new AbortController();
    const { client } = fakeClient(page([1], 7), () => {
      stop.abort(new Error('enough'));
      throw grpc(UNAVAILABLE);
    });
    await expect(soon(idsOf(client, true, stop.signal))).rejects.toThrow('enough');
  });

  test('ends a pause', async () => {
    const stop = new AbortController();
    const { client } = fakeClient(failing(UNAVAILABLE));
    const thrown = idsOf(client, true, stop.signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10_000);
    stop.abort(new Error('enough'));
    expect(await thrown).toEqual(new Error('enough'));
  });
});
