/** The events of a session, and of nothing else that its id may name. */
import type { EventsOptions, SessionEventWithId, TurnClient } from '../client/index.js';
import { checkIsSession } from './only-ours.js';

/** @throws SessionNotFoundError, InvalidCursorError */
export async function* sessionEvents(
  turns: TurnClient,
  sessionId: string,
  options: EventsOptions,
): AsyncGenerator<SessionEventWithId> {
  // As for the events of a turn: who has stopped already asks nobody.
  if (!options.signal?.aborted) await checkIsSession(turns, sessionId);
  yield* turns.session(sessionId).events(options);
}
