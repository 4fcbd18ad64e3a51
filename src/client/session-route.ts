/** Where to read a session on: the runs that are left, the place in the first of them, and what was told before. */
import type { Client } from '@temporalio/client';
import type { SessionEntry } from '../history/session-log.js';
import { turnIdOf } from '../protocol/session.js';
import type { SessionBook } from '../protocol/session-book.js';
import { cancelledBeforeItsStart } from '../history/session-log.js';
import { isAfter, START } from './cursor.js';
import type { Place } from './cursor.js';
import { InvalidCursorError, SessionNotFoundError } from './errors.js';
import { forkBetween } from './runs.js';
import type { Runs } from './runs.js';
import { formatSessionCursor } from './session-cursor.js';
import type { SessionCursor, SessionPlace } from './session-cursor.js';
import { sessionNews, sessionRuns } from './session-news.js';

export interface SessionReading {
  readonly client: Client;
  readonly sessionId: string;
  readonly signal: AbortSignal;
  readonly follow: boolean;
}

export interface SessionRoute {
  /** Run ids, the one to read next first. */
  readonly runs: readonly string[];
  /** What was told of the first of them. */
  readonly from: Place;
  /** See SessionCursor. */
  readonly left: readonly SessionPlace[];
  /** What was told there. */
  readonly told: Told;
}

/** @throws SessionNotFoundError */
export async function sessionRoute({ client, sessionId, signal }: SessionReading): Promise<SessionRoute> {
  const { ids } = await sessionRuns(client, sessionId, { signal });
  return { runs: ids, from: START, left: [], told: new Told(sessionId) };
}

/** Where a reader goes on who stands at this cursor. @throws SessionNotFoundError, InvalidCursorError */
export async function sessionRouteFrom(
  reading: SessionReading,
  cursor: SessionCursor,
): Promise<SessionRoute> {
  const { client, sessionId, signal } = reading;
  const { runId, left } = cursor;
  const since = left.length === 0 ? runId : undefined;
  const now = await sessionRuns(client, sessionId, { since, signal });
  const place = now.ids.indexOf(runId);
  if (place >= 0)
    return { runs: now.ids.slice(place), from: cursor, left, told: await toldAt(reading, left, now) };

  const before = await runsLeft(reading, runId);
  const fork = before && (await forkBetween(client, sessionId, before, now, signal));
  // No reset has parted them: runs in between are no longer kept.
  if (!fork || fork.eventId === Infinity) {
    // What is kept came behind the runs that are not.
    if (!now.whole) return { runs: now.ids, from: START, left: [], told: new Told(sessionId) };
    throw new InvalidCursorError(formatSessionCursor(cursor));
  }
  const { old, runs, eventId } = fork;
  const isBeforeFork = old === runId && cursor.eventId < eventId;
  const from = isBeforeFork ? cursor : { eventId, index: 0 };
  const all = isBeforeFork ? left : [...left, { runId, eventId: cursor.eventId, index: cursor.index }];
  return { runs, from, left: all, told: await toldAt(reading, all, now) };
}

/** What a reader was told of runs that no longer count, and is told by those in their place again. */
export class Told {
  readonly #sessionId: string;
  readonly #keys = new Set<string>();

  constructor(sessionId: string) {
    this.#sessionId = sessionId;
  }

  get isEmpty(): boolean {
    return this.#keys.size === 0;
  }

  add(entry: SessionEntry): void {
    this.#keys.add(keyOf(entry));
  }

  /** Whether this was told. Nothing is told twice by runs that count: it is forgotten now. */
  take(entry: SessionEntry): boolean {
    if (this.#keys.delete(keyOf(entry))) return true;
    // Where its start was put aside, too, a turn that was cancelled counts as a message that was.
    return (
      entry.type === 'event' && entry.event.type === 'turn_cancelled' && this.#began(entry.event.turn_id)
    );
  }

  /** The ends of messages that were told of and that the session, as a reset has left it, does not know. */
  lost(book: SessionBook, at: string): readonly SessionEntry[] {
    return [...this.#keys].flatMap((key): readonly SessionEntry[] => {
      const [type, messageId = ''] = key.split(' ');
      if (type !== 'turn_queued' || book.turn(messageId)) return [];
      this.#keys.delete(key);
      const turnId = turnIdOf(this.#sessionId, messageId);
      if (this.#began(turnId) || this.#keys.has(`message_steered ${messageId}`)) return [];
      return [{ type: 'event', event: cancelledBeforeItsStart(this.#sessionId, turnId, at) }];
    });
  }

  #began(turnId: string): boolean {
    return this.#keys.has(`turn ${turnId}`);
  }
}

function keyOf(entry: SessionEntry): string {
  if (entry.type === 'turn') return `turn ${entry.turnId}`;
  const { event } = entry;
  return `${event.type} ${event.type === 'turn_cancelled' ? event.turn_id : event.message_id}`;
}

/** What was told of runs that are put aside, by somebody who stood at these places in them one after another. */
async function toldAt(reading: SessionReading, left: readonly SessionPlace[], now: Runs): Promise<Told> {
  const { client, sessionId, signal } = reading;
  const told = new Told(sessionId);
  for (const place of left) {
    const before = await runsLeft(reading, place.runId);
    if (!before) continue;
    const { old, eventId: fork } = await forkBetween(client, sessionId, before, now, signal);
    const runs = before.ids.slice(before.ids.indexOf(old));
    for await (const { runId, eventId, entries } of sessionNews(client, sessionId, {
      runs,
      wait: false,
      signal,
    })) {
      if (runId === place.runId && eventId > place.eventId) break;
      if (runId === old && eventId < fork) continue;
      for (const [index, entry] of entries.entries())
        if (runId !== place.runId || !isAfter({ eventId, index: index + 1 }, place)) told.add(entry);
    }
  }
  return told;
}

/** Undefined: its retention is over, or it is no run of this session. */
async function runsLeft(
  { client, sessionId, signal }: SessionReading,
  runId: string,
): Promise<Runs | undefined> {
  try {
    return await sessionRuns(client, sessionId, { runId, signal });
  } catch (error) {
    if (error instanceof SessionNotFoundError) return undefined;
    throw error;
  }
}
