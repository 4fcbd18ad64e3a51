/** The door of a session: what cannot be right is refused here, by the client, before it is sent. Pure. */
import { checkTurnInput, isRecord } from './check-turn-input.js';
import { fail } from './failures.js';
import { isMessageId } from './message-id.js';
import type { SessionMessage, WhileBusy } from './session.js';

const WHILE_BUSY: readonly WhileBusy[] = ['queue', 'steer', 'interrupt'];
/** What the session itself says to its turns. */
const OWNED = [
  'session_id',
  'conversation',
  'previous_response_id',
  'previous_turn_id',
  'report_to',
  'said_again',
] as const;

/** @throws ApplicationFailure of type InvalidTurnInput that names the first field that is wrong. Never retried. */
export function checkSessionMessage({
  message_id,
  while_busy,
  memo,
  ...turn
}: SessionMessage): SessionMessage {
  if (!isMessageId(message_id)) refuse('message_id must have 1 to 128 of a-z A-Z 0-9 _ . : -');
  if (while_busy !== undefined && !WHILE_BUSY.includes(while_busy)) {
    refuse(`while_busy must be ${WHILE_BUSY.map((word) => JSON.stringify(word)).join(', ')}`);
  }
  const owned = OWNED.find((field) => Object.hasOwn(turn, field));
  if (owned !== undefined) refuse(`${owned} is said by the session: leave it out of the message`);
  if (memo !== undefined && !isRecord(memo)) refuse('memo must be an object');
  return {
    ...checkTurnInput(turn),
    message_id,
    ...(while_busy === undefined ? {} : { while_busy }),
    ...(memo === undefined ? {} : { memo }),
  };
}

/** @throws as `checkSessionMessage` */
export function checkSessionId(sessionId: string): void {
  if (sessionId.trim() === '' || sessionId.length > 200) refuse('a session id has 1 to 200 characters');
}

function refuse(message: string): never {
  throw fail('InvalidTurnInput', { message });
}
