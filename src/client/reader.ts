/**
 * Reads a turn from its history: events with cursors, or the progress so far. A turn may span several runs: it
 * continues as new, and a reset puts another run in the place of one.
 */
import type { Client } from '@temporalio/client';
import type { TurnProgress } from '../events/progress.js';
import type { TurnEvent } from '../events/turn-event.js';
import { toNumber } from '../history/event-time.js';
import { behind, formatCursor, isAfter, parseCursor, START } from './cursor.js';
import type { Cursor, Place } from './cursor.js';
import { TurnNotFoundError } from './errors.js';
import {
  eventsOf,
  expiredMeanwhile,
  logOf,
  routeFrom,
  routeFromCurrent,
  routeFromKept,
  routeFromStart,
} from './route.js';
import type { Reading, Route } from './route.js';
import { wasReset } from './runs.js';

/** A turn event with its cursor: pass `id` as `after` to go on behind it; it serves as SSE id. */
export type EventWithId = TurnEvent & { readonly id: string };

/** From where events are read, and until when. */
export interface EventsOptions {
  /** Cursor: the events behind it only. Default: from the start. */
  readonly after?: string | undefined;
  /** Ends the reading; the iterator then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** false: ends with the newest event, also of a turn that runs on. Default: true. */
  readonly follow?: boolean | undefined;
}

/** To the end of the turn. @throws TurnNotFoundError, InvalidCursorError, EventsExpiredError */
export async function* readEvents(
  client: Client,
  turnId: string,
  { after, signal, follow = true }: EventsOptions = {},
): AsyncGenerator<EventWithId> {
  const reading = { client, turnId, signal };
  const cursor = after === undefined ? undefined : parseCursor(after);
  const route = await (cursor ? routeFrom(reading, cursor) : routeFromStart(reading));
  yield* go(reading, route, follow);
}

/** Live, from the start of the current run: enough for whoever wants the end. */
export async function* readCurrentRun(
  client: Client,
  turnId: string,
  { signal }: Pick<EventsOptions, 'signal'> = {},
): AsyncGenerator<EventWithId> {
  const reading = { client, turnId, signal };
  yield* go(reading, await routeFromCurrent(reading), true);
}

/** Everything that is known now, and then the end. */
export async function* readKept(client: Client, turnId: string): AsyncGenerator<TurnEvent> {
  const reading = { client, turnId };
  const log = logOf(reading);
  for (const runId of (await routeFromKept(reading)).runs) {
    for await (const event of eventsOf(reading, runId, false)) yield* await log.read(event);
  }
}

/** Everything that is known now, folded. No worker is needed. */
export async function readProgress(
  client: Client,
  turnId: string,
  { signal }: Pick<EventsOptions, 'signal'> = {},
): Promise<TurnProgress> {
  const reading = { client, turnId, signal };
  const log = logOf(reading);
  for (const runId of (await routeFromKept(reading)).runs) {
    for await (const event of eventsOf(reading, runId, false)) await log.read(event);
  }
  return log.progress;
}

/** Goes the route to the end of the turn, and another one from wherever a reset is met. */
async function* go(reading: Reading, start: Route | undefined, wait: boolean): AsyncGenerator<EventWithId> {
  try {
    for (let route = start; route;) {
      for (const { event, cursor } of route.first) yield { ...event, id: formatCursor(cursor) };
      const met = yield* alongRuns(reading, route, wait);
      route = met && (await routeFrom(reading, met));
    }
  } catch (error) {
    // A slow reader may see the retention of a run end before it has come to it.
    throw error instanceof TurnNotFoundError ? await expiredMeanwhile(reading, error) : error;
  }
}

/** Yields what the runs tell; gives the cursor at which a reset was met, undefined at the end of the turn. */
async function* alongRuns(
  reading: Reading,
  route: Route,
  wait: boolean,
): AsyncGenerator<EventWithId, Cursor | undefined> {
  const known = [...route.runs];
  let from = route.from;
  for (let runId = known.shift(); runId !== undefined;) {
    const { met, next } = yield* alongRun(reading, runId, from, wait);
    if (met) return { runId, ...met };
    runId = next === undefined ? undefined : (known.shift() ?? next);
    from = START;
  }
  return undefined;
}

interface EndOfRun {
  /** What was read when it showed that the run was reset. */
  readonly met?: Place;
  /** The run in which the turn goes on. */
  readonly next?: string | undefined;
}

/** What was carried into a run says what a reader needs to know of the runs before, so each has a log of its own. */
async function* alongRun(
  reading: Reading,
  runId: string,
  from: Place,
  wait: boolean,
): AsyncGenerator<EventWithId, EndOfRun> {
  const { client, turnId, signal } = reading;
  const log = logOf(reading);
  for await (const event of eventsOf(reading, runId, wait)) {
    const eventId = toNumber(event.eventId);
    const terminated = event.workflowExecutionTerminatedEventAttributes;
    if (terminated && (await wasReset(client, turnId, runId, signal))) return { met: behind(eventId - 1) };
    for (const [index, turnEvent] of (await log.read(event)).entries()) {
      const place = { eventId, index: index + 1 };
      if (isAfter(place, from)) yield { ...turnEvent, id: formatCursor({ runId, ...place }) };
    }
    if (log.ended) return {};
  }
  return { next: log.continuedIn };
}
