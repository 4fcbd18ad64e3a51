/** The events of a turn, also of one whose first runs are past their retention: then those that are left. */
import { EventsExpiredError } from '../client/index.js';
import type { EventsOptions, EventWithId, TurnHandle } from '../client/index.js';

/** @throws EventsExpiredError for a cursor behind which events are gone: who was told of it has missed some. */
export async function* keptEvents(turn: TurnHandle, options: EventsOptions): AsyncGenerator<EventWithId> {
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
