/**
 * Server-sent events that go on: read with fetch, because the browser's EventSource sends no token.
 *
 * R1 A connection that breaks, falls silent or is cut is made again from the last id that came.
 * R2 What is refused for good (no such turn) is thrown; what may pass (429, 5xx, no network) is tried again.
 *    An id that is refused, which it was not when it came, is dropped: reading starts anew.
 * R3 A stream that ends in order is over when `isOver` says so; else somebody cut it, and R1 holds.
 */
import { createParser } from 'eventsource-parser';
import type { Fetch } from './api.js';
import { backOff, retryAfter } from './back-off.js';
import { authorization } from './credentials.js';
import type { Credentials } from './credentials.js';
import { messageOf, ProblemError, problemOf, UnreachableError } from './problem.js';

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  | { readonly state: 'waiting'; readonly until: number; readonly reason: string }
  | { readonly state: 'over' }
  | { readonly state: 'broken'; readonly reason: string };

export interface StreamMessage {
  /** The cursor: reading goes on behind it. */
  readonly id: string;
  readonly data: unknown;
}

/** What the reader needs of the world around it. */
export interface StreamEdge {
  readonly fetch: Fetch;
  readonly credentials: Pick<Credentials, 'token' | 'ask'>;
  readonly now: () => number;
  readonly random: () => number;
  /** Resolves after so many ms, or sooner when another try looks promising (the network is back). */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface StreamOptions {
  readonly path: string;
  readonly signal: AbortSignal;
  readonly isOver: () => boolean | Promise<boolean>;
  readonly onConnection: (connection: Connection) => void;
  /** What came so far is void: it comes again, from the start. */
  readonly onRestart: () => void;
  /** A connection without a sign of life for so long is given up. Default 45 s, three heartbeats. */
  readonly silenceMs?: number;
}

const CUTS: Readonly<Record<string, string>> = {
  slow_client: 'The page could not keep up, so the gateway cut the connection.',
  shutdown: 'The gateway is shutting down.',
};

/** The turn was reset, or is another one by now; or its first events are past their retention. */
const REFUSED_CURSOR: ReadonlySet<string> = new Set(['invalid_cursor', 'events_expired']);

/** The token was refused: somebody has to give another one. */
class Unauthorized extends Error {
  readonly token: string | undefined;
  constructor(token: string | undefined) {
    super('The gateway asks for a token.');
    this.token = token;
  }
}

/** Something that may pass: the reason to show and, where the server says so, when to come back. */
class Interrupted extends Error {
  readonly delayMs: number | undefined;
  constructor(reason: string, delayMs?: number) {
    super(reason);
    this.delayMs = delayMs;
  }
}

/**
 * Ends when the stream is over or `signal` is aborted.
 * @throws ProblemError when the gateway refuses for good.
 */
export async function* readEvents(
  edge: StreamEdge,
  options: StreamOptions,
): AsyncGenerator<StreamMessage, void, undefined> {
  const { signal, onConnection } = options;
  let cursor: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    let interruption: Interrupted;
    try {
      onConnection({ state: 'connecting' });
      for await (const message of connection(edge, options, cursor)) {
        if (message.id !== cursor) failures = 0;
        cursor = message.id;
        if (message.data !== undefined) yield { id: message.id, data: message.data };
      }
      if (await options.isOver()) return onConnection({ state: 'over' });
      interruption = new Interrupted('The connection was closed.');
    } catch (thrown) {
      if (signal.aborted) return;
      if (thrown instanceof Unauthorized) {
        await edge.credentials.ask(thrown.token);
        continue;
      }
      if (cursor !== undefined && thrown instanceof ProblemError && REFUSED_CURSOR.has(thrown.code)) {
        cursor = undefined;
        options.onRestart();
        continue;
      }
      if (thrown instanceof ProblemError) {
        onConnection({ state: 'broken', reason: thrown.message });
        throw thrown;
      }
      interruption = thrown instanceof Interrupted ? thrown : new Interrupted(messageOf(thrown));
    }
    failures += 1;
    const delay = interruption.delayMs ?? backOff(failures, edge.random());
    onConnection({ state: 'waiting', until: edge.now() + delay, reason: interruption.message });
    await edge.wait(delay, signal);
  }
}

/** One connection, from its request to its end. A message without data only moves the cursor. */
async function* connection(
  edge: StreamEdge,
  { path, signal, onConnection, silenceMs = 45_000 }: StreamOptions,
  cursor: string | undefined,
): AsyncGenerator<{ id: string; data?: unknown }, void, undefined> {
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new Interrupted('The connection fell silent.')), silenceMs);
  };
  const stop = AbortSignal.any([signal, silence.signal]);
  try {
    alive();
    const body = await open(edge, path, cursor, stop);
    alive();
    onConnection({ state: 'live' });
    for await (const text of textOf(body, stop)) {
      alive();
      for (const { id, event, data } of text) {
        if (event !== 'cut') yield { id, data: parsed(data) };
        else {
          const { after, reason } = Object(parsed(data)) as { after?: unknown; reason?: unknown };
          if (typeof after === 'string') yield { id: after };
          throw new Interrupted(CUTS[String(reason)] ?? 'The gateway cut the connection.');
        }
      }
    }
  } catch (thrown) {
    throw silence.signal.aborted ? silence.signal.reason : thrown;
  } finally {
    clearTimeout(timer);
    // A reader that stops in the middle leaves nothing open.
    silence.abort();
  }
}

async function open(
  edge: StreamEdge,
  path: string,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const { token } = edge.credentials;
  const headers = {
    accept: 'text/event-stream',
    ...(cursor === undefined ? {} : { 'last-event-id': cursor }),
    ...authorization(token),
  };
  const response = await edge.fetch(path, { headers, signal, cache: 'no-store' }).catch((thrown: unknown) => {
    signal.throwIfAborted();
    throw new UnreachableError(thrown);
  });
  // 204: all is over, and nothing is behind the cursor.
  if (response.status === 204) return new ReadableStream({ start: (controller) => controller.close() });
  if (response.ok && response.body) return response.body;
  if (response.status === 401) throw new Unauthorized(token);
  const problem = await problemOf(response);
  if (![408, 425, 429].includes(response.status) && response.status < 500) throw problem;
  throw new Interrupted(problem.message, retryAfter(response.headers.get('retry-after'), edge.now()));
}

interface Frame {
  readonly id: string;
  readonly event: string | undefined;
  readonly data: string;
}

/** The frames of each piece that comes. */
async function* textOf(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<readonly Frame[], void, undefined> {
  let frames: Frame[] = [];
  const parser = createParser({
    onEvent: ({ id = '', event, data }) => void frames.push({ id, event, data }),
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  const cancel = (): void => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield frames;
      frames = [];
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}

/** Undefined for what is no JSON: a reader must not break over one event. */
function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
