/**
 * The `id` of a session's event: where the session's own history was read to, and how far the turn that runs
 * there. Opaque to users.
 */
import { isMessageId } from '../protocol/message-id.js';
import type { Place } from './cursor.js';
import { InvalidCursorError } from './errors.js';

/** Behind so many of the entries of one history event. */
export interface SessionPlace extends Place {
  readonly runId: string;
}

export interface SessionCursor extends SessionPlace {
  /** Where the reader stood in runs that resets have put aside: what it was told there, it is not told again. */
  readonly left: readonly SessionPlace[];
  /** The turn that is being told; undefined between turns. */
  readonly turn: TurnPlace | undefined;
}

export interface TurnPlace {
  readonly messageId: string;
  /** Cursor in the turn; '' before its first event. */
  readonly cursor: string;
}

export function formatSessionCursor({ left, turn, ...place }: SessionCursor): string {
  return ['s1', formatPlace(place), turn?.messageId, turn?.cursor, ...left.map(formatPlace)].join('~');
}

/** @throws InvalidCursorError */
export function parseSessionCursor(text: string): SessionCursor {
  const [version, at = '', messageId = '', cursor = '', ...before] = text.split('~');
  const place = parsePlace(at);
  const left = before.flatMap((part) => parsePlace(part) ?? []);
  const isKnown = version === 's1' && (messageId === '' || isMessageId(messageId));
  if (!place || !isKnown || left.length < before.length) throw new InvalidCursorError(text);
  return { ...place, left, turn: messageId === '' ? undefined : { messageId, cursor } };
}

const PLACE = /^([\w-]+)\.(\d+)\.(\d+)$/;

function formatPlace({ runId, eventId, index }: SessionPlace): string {
  return [runId, eventId, index].join('.');
}

function parsePlace(text: string): SessionPlace | undefined {
  const [, runId, eventId, index] = PLACE.exec(text) ?? [];
  return runId === undefined ? undefined : { runId, eventId: Number(eventId), index: Number(index) };
}
