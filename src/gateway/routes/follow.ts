/** The answer to one who wants to follow: its status is known when the first events are. */
import { EVENT_STREAM_HEADERS } from '../event-stream.js';
import type { EventStreams, Source } from '../event-stream.js';
import type { Hub, Subject } from '../hub/hub.js';
import type { Told, Watcher } from '../hub/watcher.js';
import { joined } from '../hub/window.js';
import type { Entry } from '../hub/window.js';
import { Problem } from '../problem.js';
import type { Call } from './call.js';
import { text } from './call.js';

/** One who has seen all so far gets its stream after so long a silence. */
const QUIET_MS = 500;

export interface Followable {
  readonly kind: Subject['kind'];
  readonly hub: Hub;
  readonly streams: EventStreams;
  readonly temporalMs: number;
  readonly read: (
    id: string,
    options: { readonly after?: string; readonly signal?: AbortSignal; readonly follow?: boolean },
  ) => AsyncIterable<Entry>;
}

export async function follow(call: Call, key: string, followed: Followable): Promise<Response> {
  const after = text(call.headers, 'last-event-id') ?? text(call.query, 'after');
  const headers = EVENT_STREAM_HEADERS;
  if (call.request.method === 'HEAD') return new Response(null, { headers });
  const from = after === undefined ? {} : { after };
  if (after !== undefined) await checkCursor(followed, key, after);
  if (call.query['follow'] === false) {
    const source = new Reading((signal) => followed.read(key, { ...from, signal, follow: false }));
    const first = await within(followed.temporalMs, source.next());
    if (first === undefined) {
      source.close();
      throw nothingCame(followed.temporalMs);
    }
    if (first.kind === 'failed') throw first.error;
    return new Response(followed.streams.body(source, Promise.resolve(first)), { headers });
  }
  const watcher = followed.hub.watch({ kind: followed.kind, id: key }, after);
  const leave = (): void => watcher.close();
  call.request.signal.addEventListener('abort', leave, { once: true });
  try {
    const first = watcher.next();
    const told = await soon(first, watcher, followed.temporalMs);
    if (told?.kind === 'failed') throw told.error;
    if (told?.kind === 'ended') {
      leave();
      return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
    }
    return new Response(followed.streams.body(watcher, first), { headers });
  } catch (error) {
    leave();
    throw error;
  }
}

/** A reading that nobody lets begin says first whether its cursor is one. */
async function checkCursor({ read }: Followable, key: string, after: string): Promise<void> {
  const stopped = new Stopped();
  try {
    for await (const _event of read(key, { after, signal: AbortSignal.abort(stopped) })) return;
  } catch (error) {
    if (error !== stopped) throw error;
  }
}

class Stopped extends Error {}

/** What the watcher is told first; undefined when the turn is there and says nothing new. */
async function soon(first: Promise<Told>, watcher: Watcher, ms: number): Promise<Told | undefined> {
  const found = await within(ms, Promise.race([first, watcher.opened.then(() => 'opened')]));
  if (found === undefined) throw nothingCame(ms);
  return within(QUIET_MS, first);
}

function nothingCame(ms: number): Problem {
  return new Problem('temporal_timeout', `Nothing of the turn came within ${ms} ms.`);
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What is there now, for one watcher alone. */
class Reading implements Source {
  cursor: string | undefined;
  readonly #stop = new AbortController();
  readonly #entries: AsyncIterator<Entry>;

  constructor(read: (signal: AbortSignal) => AsyncIterable<Entry>) {
    this.#entries = read(this.#stop.signal)[Symbol.asyncIterator]();
  }

  async next(): Promise<Told> {
    try {
      const read = await this.#entries.next();
      if (read.done) return { kind: 'ended' };
      this.cursor = read.value.id;
      return { kind: 'events', ...joined([read.value]) };
    } catch (error) {
      return { kind: 'failed', error };
    }
  }

  close(): void {
    this.#stop.abort();
  }
}
