/** Where to read on: the runs that are left, the place in the first of them, and what a reset makes to be told. */
import type { Client } from '@temporalio/client';
import { isTurnEnd } from '../protocol/turn-end.js';
import type { TurnEvent } from '../events/turn-event.js';
import { isoTime, toNumber } from '../history/event-time.js';
import { HistoryLog } from '../history/history-log.js';
import { PayloadReader } from '../history/payloads.js';
import type { HistoryEvent } from '../history/payloads.js';
import { eventsOfReset, openAt } from './after-reset.js';
import { behind, formatCursor, isAfter, START } from './cursor.js';
import type { Cursor, Place } from './cursor.js';
import { EventsExpiredError, TurnNotFoundError } from './errors.js';
import { historyPages } from './history-pages.js';
import { forkBetween, runsTo } from './runs.js';
import type { Runs } from './runs.js';

export interface Route {
  /** Run ids, the one to read next first. */
  readonly runs: readonly string[];
  /** What was told of the first of them. */
  readonly from: Place;
  /** To be told before: what a reset has made void, and what starts again. */
  readonly first: readonly { readonly event: TurnEvent; readonly cursor: Cursor }[];
}

export interface Reading {
  readonly client: Client;
  readonly turnId: string;
  readonly signal?: AbortSignal | undefined;
}

/** Where a reader of the whole turn starts. @throws EventsExpiredError, TurnNotFoundError */
export async function routeFromStart(reading: Reading): Promise<Route> {
  const runs = await runsOf(reading);
  if (!runs.whole) throw await expired(reading, runs);
  return { runs: runs.ids, from: START, first: [] };
}

/** Where a reader starts who wants what there is. @throws TurnNotFoundError */
export async function routeFromKept(reading: Reading): Promise<Route> {
  return { runs: (await runsOf(reading)).ids, from: START, first: [] };
}

/** Where a reader starts who wants the end only. @throws TurnNotFoundError */
export async function routeFromCurrent(reading: Reading): Promise<Route> {
  return { runs: (await runsOf(reading)).ids.slice(-1), from: START, first: [] };
}

/**
 * Where a reader goes on who stands at this cursor. Undefined: it was told the end of the turn, and a reset after
 * that is none of its business. @throws EventsExpiredError, TurnNotFoundError
 */
export async function routeFrom(reading: Reading, cursor: Cursor): Promise<Route | undefined> {
  const now = await runsOf(reading);
  const place = now.ids.indexOf(cursor.runId);
  if (place >= 0) return { runs: now.ids.slice(place), from: cursor, first: [] };
  const before = await runsOf(reading, cursor.runId).catch((error: unknown) => {
    if (error instanceof TurnNotFoundError) return undefined;
    throw error;
  });
  if (!before) throw await expired(reading, now);
  return acrossReset(reading, cursor, before, now);
}

/** The reader stands in a run that is none of the turn's any more. */
async function acrossReset(
  reading: Reading,
  cursor: Cursor,
  before: Runs,
  now: Runs,
): Promise<Route | undefined> {
  const { client, turnId, signal } = reading;
  const { old, runs, eventId: fork } = await forkBetween(client, turnId, before, now, signal);
  const next = runs[0] ?? '';
  if (old === cursor.runId && cursor.eventId < fork) return { runs, from: cursor, first: [] };

  const shown = await readUpTo(reading, before.ids, cursor);
  if (shown.told.some(isTurnEnd)) return undefined;
  const stands = await readUpTo(reading, [next], behind(fork - 1));
  const events = eventsOfReset(
    shown.log.progress,
    openAt(stands.log.progress, stands.told),
    isoTime(stands.stoppedBy?.eventTime),
  );
  const { switching } = cursor;
  const done = switching?.runId === next ? switching.index : 0;
  const first = events.map((event, index) => {
    return { event, cursor: { ...cursor, switching: { runId: next, index: index + 1 } } };
  });
  return { runs, from: behind(fork - 1), first: first.slice(done) };
}

interface ReadSoFar {
  readonly log: HistoryLog;
  /** What the last of the runs told up to the place. */
  readonly told: readonly TurnEvent[];
  /** The first event behind the place. */
  readonly stoppedBy?: HistoryEvent;
}

/** Reads runs up to a place in the last one. */
async function readUpTo(reading: Reading, runs: readonly string[], last: Place): Promise<ReadSoFar> {
  const log = logOf(reading);
  let told: TurnEvent[] = [];
  for (const runId of runs) {
    told = [];
    for await (const event of eventsOf(reading, runId, false)) {
      if (runId === runs.at(-1) && toNumber(event.eventId) > last.eventId) {
        return { log, told, stoppedBy: event };
      }
      const events = await log.read(event);
      const eventId = toNumber(event.eventId);
      told.push(...events.filter((_event, index) => !isAfter({ eventId, index: index + 1 }, last)));
    }
  }
  return { log, told };
}

/** The history of one run, each event once. */
export async function* eventsOf(
  { client, turnId, signal }: Reading,
  runId: string,
  wait: boolean,
): AsyncGenerator<HistoryEvent> {
  for await (const page of historyPages(client, turnId, { runId, wait, signal })) yield* page;
}

export function logOf({ client, turnId }: Reading): HistoryLog {
  return new HistoryLog(turnId, new PayloadReader(client.options.loadedDataConverter));
}

function runsOf({ client, turnId, signal }: Reading, runId?: string): Promise<Runs> {
  return runsTo(client, turnId, { runId, signal });
}

/** What to tell a reader that does not find a run any more. @throws TurnNotFoundError when the whole turn is gone. */
export async function expiredMeanwhile(reading: Reading, notFound: TurnNotFoundError): Promise<Error> {
  const runs = await runsOf(reading);
  return runs.whole ? notFound : expired(reading, runs);
}

/** What is known of the turn where its events begin, and the cursor to read on from there. */
async function expired(reading: Reading, { ids }: Runs): Promise<EventsExpiredError> {
  const [runId = ''] = ids;
  const first = { runId, eventId: 1, index: 0 };
  const { log } = await readUpTo(reading, [runId], first);
  return new EventsExpiredError(reading.turnId, log.progress, formatCursor(first));
}
