/** Reads a session: the events of its turns, one turn after another, and what becomes of its messages. */
import type { Client } from '@temporalio/client';
import type { SessionEvent } from '../events/session-event.js';
import type { SessionEntry } from '../history/session-log.js';
import { isAfter, START } from './cursor.js';
import { EventsExpiredError, TurnNotFoundError } from './errors.js';
import { Bell, Pull } from './merge.js';
import { readEvents } from './reader.js';
import type { EventsOptions, EventWithId } from './reader.js';
import { sessionOfTurn } from '../protocol/message-id.js';
import { turnIdOf } from '../protocol/session.js';
import { formatSessionCursor, parseSessionCursor } from './session-cursor.js';
import type { SessionCursor } from './session-cursor.js';
import { sessionNews } from './session-news.js';
import { sessionRoute, sessionRouteFrom } from './session-route.js';
import type { SessionReading, SessionRoute } from './session-route.js';

/** A session event with its cursor: pass `id` as `after` to go on behind it; it serves as SSE id. */
export type SessionEventWithId = SessionEvent & { readonly id: string };

/** Where a reader stands in the session itself. */
type Stand = Omit<SessionCursor, 'turn'>;

interface Placed {
  readonly place: Stand;
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

/**
 * Two histories are followed at once: that of the session, and that of the turn that runs. What the session tells
 * goes ahead of the turn, but never past the start of the next one.
 */
async function* merged(
  reading: SessionReading,
  from: SessionCursor | undefined,
): AsyncGenerator<SessionEventWithId> {
  const bell = new Bell();
  const session = new Pull(await entriesOf(reading, from), bell.ring);
  let place: Stand = from ?? { runId: '', ...START, left: [] };
  let turn: { readonly id: string; readonly events: Pull<EventWithId> } | undefined;
  let at = from?.turn;
  let runsOn = false;
  for (;;) {
    const said = session.peek();
    const told = turn?.events.peek();
    if (!said?.done && said?.value.entry.type === 'event') {
      session.take();
      place = said.value.place;
      yield { ...said.value.entry.event, id: formatSessionCursor({ ...place, turn: at }) };
    } else if (!said?.done && said?.value.entry.type === 'turn' && !turn) {
      session.take();
      place = said.value.place;
      const { turnId } = said.value.entry;
      const cursor = said.value.turnCursor ?? '';
      at = { messageId: messageIdOf(turnId), cursor };
      runsOn = said.value.mayRun === true;
      turn = { id: turnId, events: new Pull(eventsOfTurn(reading, turnId, cursor, !runsOn), bell.ring) };
    } else if (told?.done) {
      turn = undefined;
      if (!runsOn) at = undefined;
    } else if (turn && told) {
      turn.events.take();
      at = { messageId: messageIdOf(turn.id), cursor: told.value.id };
      yield { ...told.value, id: formatSessionCursor({ ...place, turn: at }) };
    } else if (said?.done && !turn) return;
    else await bell.wait();
  }
}

function messageIdOf(turnId: string): string {
  return sessionOfTurn(turnId)?.messageId ?? '';
}

/**
 * One that does not follow reads the session first: every turn but its last one has ended by then, and is read to
 * its end.
 */
async function entriesOf(
  reading: SessionReading,
  from: SessionCursor | undefined,
): Promise<AsyncIterator<Placed>> {
  const entries = placedEntries(reading, from);
  if (reading.follow) return entries;
  const now: Placed[] = [];
  for await (const placed of entries) now.push(placed);
  const last = now.findLastIndex(({ entry }) => entry.type === 'turn');
  return each(now.map((placed, index) => (index === last ? { ...placed, mayRun: true } : placed)));
}

async function* each<T>(list: readonly T[]): AsyncGenerator<T> {
  yield* list;
}

/** The turn that is being told at the cursor, and the entries behind it, through resets. */
async function* placedEntries(
  reading: SessionReading,
  from: SessionCursor | undefined,
): AsyncGenerator<Placed> {
  let route = await (from ? sessionRouteFrom(reading, from) : sessionRoute(reading));
  if (from?.turn) {
    const { turn, ...place } = from;
    const entry = { type: 'turn', turnId: turnIdOf(reading.sessionId, turn.messageId) } as const;
    route.told.add(entry);
    yield { place, entry, turnCursor: turn.cursor };
  }
  for (;;) {
    const left = yield* entriesAlong(reading, route);
    if (!left) return;
    route = await sessionRouteFrom(reading, { ...left, turn: undefined });
  }
}

/** Gives where a run was read to that a reset has put aside, undefined at the end. */
async function* entriesAlong(
  { client, sessionId, signal, follow }: SessionReading,
  { runs, from, left, told }: SessionRoute,
): AsyncGenerator<Placed, Stand | undefined> {
  const [first] = runs;
  let running: string | undefined;
  for await (const news of sessionNews(client, sessionId, { runs, wait: follow, signal })) {
    const { runId, eventId, book, at } = news;
    const carried = eventId === 1 ? book.running?.turn_id : undefined;
    const isUntold = carried !== running && (from === START || runId !== first);
    running = carried ?? running;
    const entries = [
      // The turn that the run before was at, when that is not kept.
      ...(carried !== undefined && isUntold ? [{ type: 'turn', turnId: carried } as const] : []),
      ...news.entries,
      ...(news.isAfterReset ? told.lost(book, at) : []),
    ];
    for (const [index, entry] of entries.entries()) {
      const isTold = told.take(entry);
      if (entry.type === 'turn') running = entry.turnId;
      const place = { runId, eventId, index: index + 1, left: told.isEmpty ? [] : left };
      if (!isTold && (runId !== first || isAfter(place, from))) yield { place, entry };
    }
    if (news.isLeft) return { runId, eventId, index: 0, left };
  }
  return undefined;
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
