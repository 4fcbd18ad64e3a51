/** Reads a session: the events of its turns, one turn after another, and what becomes of its messages. */
import type { Client } from '@temporalio/client';
import type { SessionEvent } from '../events/session-event.js';
import type { SessionEntry } from '../history/session-log.js';
import { EventsExpiredError, TurnNotFoundError } from './errors.js';
import { Bell, Pull } from './merge.js';
import { readEvents } from './reader.js';
import type { EventsOptions, EventWithId } from './reader.js';
import { formatSessionCursor, parseSessionCursor } from './session-cursor.js';
import type { SessionCursor } from './session-cursor.js';
import { oldestRun, sessionNews } from './session-news.js';

/** A session event with its cursor: pass `id` as `after` to go on behind it; it serves as SSE id. */
export type SessionEventWithId = SessionEvent & { readonly id: string };

interface Placed {
  readonly place: Omit<SessionCursor, 'turn'>;
  readonly entry: SessionEntry;
  /** Read to where it is now, and no further. */
  readonly mayRun?: true;
  /** Of a turn that is read further: the cursor in it. */
  readonly turnCursor?: string;
}

export async function* readSessionEvents(
  client: Client,
  sessionId: string,
  { after, signal, follow = true }: EventsOptions = {},
): AsyncGenerator<SessionEventWithId> {
  const from = after === undefined ? undefined : parseSessionCursor(after);
  const stop = new AbortController();
  const abort = (): void => stop.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    yield* merged({ client, sessionId, signal: stop.signal, follow }, from);
  } finally {
    signal?.removeEventListener('abort', abort);
    stop.abort();
  }
}

interface SessionReading {
  readonly client: Client;
  readonly sessionId: string;
  readonly signal: AbortSignal;
  readonly follow: boolean;
}

/**
 * Two histories are followed at once: that of the session, and that of the turn that runs. What the session tells
 * goes ahead of the turn, but never past the start of the next one.
 */
async function* merged(
  reading: SessionReading,
  from: SessionCursor | undefined,
): AsyncGenerator<SessionEventWithId> {
  const { client, sessionId } = reading;
  const bell = new Bell();
  const runId = from?.runId ?? (await oldestRun(client, sessionId));
  const session = new Pull(await entriesOf(reading, runId, from), bell.ring);
  let place = from ?? { runId, eventId: 0, index: 0 };
  let turn: Pull<EventWithId> | undefined;
  let turnCursor = from?.turn;
  let runsOn = false;
  for (;;) {
    const said = session.peek();
    const told = turn?.peek();
    if (!said?.done && said?.value.entry.type === 'event') {
      session.take();
      place = said.value.place;
      yield { ...said.value.entry.event, id: formatSessionCursor({ ...place, turn: turnCursor }) };
    } else if (!said?.done && said?.value.entry.type === 'turn' && !turn) {
      session.take();
      place = said.value.place;
      turnCursor = said.value.turnCursor ?? '';
      runsOn = said.value.mayRun === true;
      turn = new Pull(eventsOfTurn(reading, said.value.entry.turnId, turnCursor, !runsOn), bell.ring);
    } else if (told?.done) {
      turn = undefined;
      if (!runsOn) turnCursor = undefined;
    } else if (told) {
      turn?.take();
      turnCursor = told.value.id;
      yield { ...told.value, id: formatSessionCursor({ ...place, turn: turnCursor }) };
    } else if (said?.done && !turn) return;
    else await bell.wait();
  }
}

/**
 * One that does not follow reads the session first: every turn but its last one has ended by then, and is read to
 * its end.
 */
async function entriesOf(
  reading: SessionReading,
  runId: string,
  from: SessionCursor | undefined,
): Promise<AsyncIterator<Placed>> {
  const entries = placedEntries(reading, runId, from);
  if (reading.follow) return entries;
  const now: Placed[] = [];
  for await (const placed of entries) now.push(placed);
  const last = now.findLastIndex(({ entry }) => entry.type === 'turn');
  return each(now.map((placed, index) => (index === last ? { ...placed, mayRun: true } : placed)));
}

async function* each<T>(list: readonly T[]): AsyncGenerator<T> {
  yield* list;
}

/** The entries behind the cursor; ahead of them the turn that ran there. */
async function* placedEntries(
  { client, sessionId, signal, follow }: SessionReading,
  runId: string,
  from: SessionCursor | undefined,
): AsyncGenerator<Placed> {
  let runs: string | undefined;
  let isBehind = from === undefined;
  for await (const news of sessionNews(client, sessionId, { runId, wait: follow, signal })) {
    const { eventId, entries } = news;
    // The turn that the run before was at, when that is not read.
    if (news.runId === runId && eventId === 1) runs = news.book.running?.turn_id;
    if (from === undefined && runs !== undefined) {
      yield { place: { runId, eventId, index: 0 }, entry: { type: 'turn', turnId: runs } };
      runs = undefined;
    }
    for (const [index, entry] of entries.entries()) {
      const place = { runId: news.runId, eventId, index: index + 1 };
      if (from && !isBehind && isBefore(from, place)) {
        isBehind = true;
        yield* resumed(from, runs);
      }
      if (isBehind) yield { place, entry };
      else if (entry.type === 'turn') runs = entry.turnId;
    }
    // Nothing need come behind the cursor for the turn to go on.
    if (from && !isBehind && news.runId === runId && eventId >= from.eventId) {
      isBehind = true;
      yield* resumed(from, runs);
    }
  }
}

function* resumed(from: SessionCursor, turnId: string | undefined): Generator<Placed> {
  const { turn: turnCursor, ...place } = from;
  if (turnCursor === undefined || turnId === undefined) return;
  yield { place, entry: { type: 'turn', turnId }, turnCursor };
}

function isBefore({ eventId, index }: SessionCursor, place: Omit<SessionCursor, 'turn'>): boolean {
  return place.eventId === eventId ? place.index > index : place.eventId > eventId;
}

async function* eventsOfTurn(
  { client, signal }: Pick<SessionReading, 'client' | 'signal'>,
  turnId: string,
  after: string,
  follow: boolean,
): AsyncGenerator<EventWithId> {
  try {
    yield* readEvents(client, turnId, { signal, follow, ...(after === '' ? {} : { after }) });
  } catch (error) {
    // Its retention is over, or that of its first runs, and that of its session is not.
    if (error instanceof EventsExpiredError)
      yield* eventsOfTurn({ client, signal }, turnId, error.after, follow);
    else if (!(error instanceof TurnNotFoundError)) throw error;
  }
}
