/** Reads a turn from its history: events with cursors, or the progress so far. */
import type { Client } from '@temporalio/client';
import type { TurnProgress } from '../events/progress.js';
import type { TurnEvent } from '../events/turn-event.js';
import { toNumber } from '../history/event-time.js';
import { HistoryLog } from '../history/history-log.js';
import { PayloadReader } from '../history/payloads.js';
import type { HistoryEvent } from '../history/payloads.js';
import { formatCursor, isAfter, parseCursor, START } from './cursor.js';
import { historyPages } from './history-pages.js';

/** A turn event with its cursor: pass `id` as `after` to go on behind it; it serves as SSE id. */
export type EventWithId = TurnEvent & { readonly id: string };

export interface EventsOptions {
  /** Cursor: the events behind it only. Default: from the start. */
  readonly after?: string;
  /** Ends the reading; the iterator then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** false: ends with the newest event, also of a turn that runs on. Default: true. */
  readonly follow?: boolean;
}

export async function* readEvents(
  client: Client,
  turnId: string,
  { after, signal, follow = true }: EventsOptions = {},
): AsyncGenerator<EventWithId> {
  const from = after === undefined ? START : parseCursor(after);
  const reading = openLog(client, turnId);
  for await (const page of historyPages(client, turnId, { wait: follow, signal })) {
    for (const event of reading.news(page)) {
      const eventId = toNumber(event.eventId);
      const told = await reading.log.read(event);
      for (const [index, turnEvent] of told.entries()) {
        const cursor = { eventId, index: index + 1 };
        if (isAfter(cursor, from)) yield { ...turnEvent, id: formatCursor(cursor) };
      }
    }
    if (reading.log.ended) return;
  }
}

/** Everything that is known now, folded. No worker is needed. */
export async function readProgress(
  client: Client,
  turnId: string,
  { signal }: Pick<EventsOptions, 'signal'> = {},
): Promise<TurnProgress> {
  const reading = openLog(client, turnId);
  for await (const page of historyPages(client, turnId, { wait: false, signal })) {
    for (const event of reading.news(page)) await reading.log.read(event);
  }
  return reading.log.progress;
}

/**
 * A page may end with workflow task events that are not stored yet; their ids then come again with other
 * events. All others are read once.
 */
function openLog(client: Client, turnId: string) {
  const log = new HistoryLog(turnId, new PayloadReader(client.options.loadedDataConverter));
  let last = 0;
  return {
    log,
    news: (page: readonly HistoryEvent[]): readonly HistoryEvent[] =>
      page.filter((event) => {
        if (event.workflowTaskScheduledEventAttributes || event.workflowTaskStartedEventAttributes)
          return true;
        const id = toNumber(event.eventId);
        if (id <= last) return false;
        last = id;
        return true;
      }),
  };
}
