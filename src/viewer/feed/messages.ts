/** What becomes of the messages of a session: each is a turn, or joins the one that runs. Pure. */
import type { MessageSteered, SessionEvent, TurnQueued } from '../../events/session-event.js';

export interface Message {
  readonly message_id: string;
  /** The turn that it is, or would have been. */
  readonly turn_id: string;
  readonly at: string;
  /** The turn that it joined. */
  readonly joined?: string;
}

export function isOfSession(event: SessionEvent): event is TurnQueued | MessageSteered {
  return event.type === 'turn_queued' || event.type === 'message_steered';
}

export function withMessage(
  messages: readonly Message[],
  event: TurnQueued | MessageSteered,
): readonly Message[] {
  const { message_id, turn_id, at } = event;
  if (event.type === 'turn_queued') {
    return messages.some((known) => known.message_id === message_id)
      ? messages
      : [...messages, { message_id, turn_id, at }];
  }
  return messages.map((known) => (known.message_id === message_id ? { ...known, joined: turn_id } : known));
}
