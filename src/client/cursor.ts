/** The `id` of an event: the history event that told it, and its place among what that told. Opaque to users. */
import { InvalidCursorError } from './errors.js';

export interface Cursor {
  readonly eventId: number;
  readonly index: number;
}

export const START: Cursor = { eventId: 0, index: 0 };

export function formatCursor({ eventId, index }: Cursor): string {
  return `1.${eventId}.${index}`;
}

/** @throws InvalidCursorError */
export function parseCursor(text: string): Cursor {
  const match = /^1\.(\d+)\.(\d+)$/.exec(text);
  if (!match) throw new InvalidCursorError(text);
  return { eventId: Number(match[1]), index: Number(match[2]) };
}

export function isAfter(a: Cursor, b: Cursor): boolean {
  return a.eventId === b.eventId ? a.index > b.index : a.eventId > b.eventId;
}
