/** A session as people read it: what was said, and the turn that answers it. Pure. */
import type { TurnProgress } from '../../events/progress.js';
import type { Message } from '../feed/messages.js';

export interface Exchange {
  readonly turnId: string;
  /** The message that the turn is, then those that joined it. None is known of turns that began before all we read. */
  readonly messages: readonly Message[];
  /** Undefined: it waits for its turn. */
  readonly progress: TurnProgress | undefined;
}

/** Turns in the order in which they ran, then the messages that wait. */
export function chatOf(
  messages: readonly Message[],
  turns: ReadonlyMap<string, TurnProgress>,
): readonly Exchange[] {
  const ran = [...turns].map(([turnId, progress]) => ({
    turnId,
    messages: messages.filter(({ turn_id, joined }) => (joined ?? turn_id) === turnId),
    progress,
  }));
  const wait = messages
    .filter(({ turn_id, joined }) => joined === undefined && !turns.has(turn_id))
    .map((message) => ({ turnId: message.turn_id, messages: [message], progress: undefined }));
  return [...ran, ...wait];
}
