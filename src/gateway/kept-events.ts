/** The events of a turn, also of one whose first runs are past their retention: then those that are left. */
import { EventsExpiredError } from '../client/index.js';
import type { EventsOptions, EventWithId, TurnClient } from '../client/index.js';
import { checkIsTurn } from './only-ours.js';

/**
 * @throws TurnNotFoundError, EventsExpiredError for a cursor behind which events are gone: who was told of it has
 * missed some.
 */
export async function* keptEvents(
  turns: TurnClient,
  turnId: string,
  options: EventsOptions,
): AsyncGenerator<EventWithId> {
  // Who has stopped already wants to know whether the cursor is one, and asks nobody.
  if (!options.signal?.aborted) await checkIsTurn(turns, turnId);
  const turn = turns.getHandle(turnId);
  let told = options.after !== undefined;
  try {
    for await (const event of turn.events(options)) {
      told = true;
      yield event;
    }
  } catch (error) {
    if (told || !(error instanceof EventsExpiredError)) throw error;
    yield* turn.events({ ...options, after: error.after });
  }
}
