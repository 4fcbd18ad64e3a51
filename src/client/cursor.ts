/**
 * The `id` of an event: the run and the history event that told it, and its place among what that told. What a
 * reset makes a reader tell has no history event: it is named by where the reader stood, the run that it went on
 * with, and a count. Opaque to users.
 */
import { InvalidCursorError } from './errors.js';

export interface Cursor {
  readonly runId: string;
  readonly eventId: number;
  /** How many of the turn events that this history event told were told. */
  readonly index: number;
  /** On the way from here to the run that took this one's place by a reset. */
  readonly switching?: { readonly runId: string; readonly index: number };
}

const RUN = '([0-9a-f-]{36})';
const FORM = new RegExp(`^1\\.${RUN}\\.(\\d+)\\.(\\d+)(?:\\.${RUN}\\.(\\d+))?$`);

export function formatCursor({ runId, eventId, index, switching }: Cursor): string {
  const place = ['1', runId, eventId, index];
  return [...place, ...(switching ? [switching.runId, switching.index] : [])].join('.');
}

/** @throws InvalidCursorError */
export function parseCursor(text: string): Cursor {
  const [, runId, eventId, index, nextRun, count] = FORM.exec(text) ?? [];
  if (runId === undefined) throw new InvalidCursorError(text);
  const place = { runId, eventId: Number(eventId), index: Number(index) };
  return nextRun === undefined ? place : { ...place, switching: { runId: nextRun, index: Number(count) } };
}

/** Whether `a` stands behind `b` in the same run. */
export function isAfter(a: Place, b: Place): boolean {
  return a.eventId === b.eventId ? a.index > b.index : a.eventId > b.eventId;
}

export type Place = Pick<Cursor, 'eventId' | 'index'>;

export const START: Place = { eventId: 0, index: 0 };

/** Behind everything that this history event told. */
export function behind(eventId: number): Place {
  return { eventId, index: Number.MAX_SAFE_INTEGER };
}
