/**
 * The `id` of a session's event: where the session's own history was read to, and how far the turn that runs
 * there. Opaque to users.
 */
import { InvalidCursorError } from './errors.js';

export interface SessionCursor {
  readonly runId: string;
  readonly eventId: number;
  /** Entries of that history event that are behind the cursor. */
  readonly index: number;
  /** Cursor in the running turn; '' before its first event, undefined when its last one was given. */
  readonly turn: string | undefined;
}

export function formatSessionCursor({ runId, eventId, index, turn }: SessionCursor): string {
  return ['s1', runId, eventId, index, ...(turn === undefined ? [] : [turn])].join('~');
}

/** @throws InvalidCursorError */
export function parseSessionCursor(text: string): SessionCursor {
  const [version, runId = '', eventId = '', index = '', turn, ...more] = text.split('~');
  const isNumber = (part: string): boolean => /^\d+$/.test(part);
  if (version !== 's1' || !/^[\w-]+$/.test(runId) || !isNumber(eventId) || !isNumber(index) || more.length) {
    throw new InvalidCursorError(text);
  }
  return { runId, eventId: Number(eventId), index: Number(index), turn };
}
