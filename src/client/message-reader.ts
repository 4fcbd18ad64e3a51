/** Reads a turn, also one that a session has not started yet, or that a message joined instead of having its own. */
import type { Client } from '@temporalio/client';
import { advance } from '../events/advance.js';
import { emptyProgress } from '../events/progress.js';
import type { TurnProgress } from '../events/progress.js';
import { formatCursor } from './cursor.js';
import { TurnNotFoundError } from './errors.js';
import { fateOf } from './message-fate.js';
import { readEvents, readProgress } from './reader.js';
import type { EventsOptions, EventWithId } from './reader.js';

/** Of a turn that never ran. */
const NO_RUN = '00000000-0000-0000-0000-000000000000';

/** `read`: how its turn is read. */
export async function* readMessageEvents(
  client: Client,
  turnId: string,
  options: EventsOptions = {},
  read: typeof readEvents = readEvents,
): AsyncGenerator<EventWithId> {
  try {
    yield* read(client, turnId, options);
    return;
  } catch (error) {
    if (!(error instanceof TurnNotFoundError)) throw error;
  }
  const { follow = true, signal } = options;
  const fate = await fateOf(client, turnId, { wait: follow, signal });
  if (fate.kind === 'turn') yield* read(client, fate.turnId, options);
  const id = formatCursor({ runId: NO_RUN, eventId: 1, index: 1 });
  if (fate.kind === 'cancelled' && options.after !== id) yield { ...fate.event, id };
}

/** Of a message that waits: a turn that has not begun. */
export async function readMessageProgress(
  client: Client,
  turnId: string,
  options: Pick<EventsOptions, 'signal'> = {},
): Promise<TurnProgress> {
  try {
    return await readProgress(client, turnId, options);
  } catch (error) {
    if (!(error instanceof TurnNotFoundError)) throw error;
  }
  const fate = await fateOf(client, turnId, { wait: false, signal: options.signal });
  switch (fate.kind) {
    case 'turn':
      return readProgress(client, fate.turnId, options);
    case 'cancelled':
      return advance(emptyProgress(turnId), fate.event);
    case 'queued':
      return { ...emptyProgress(turnId), session_id: fate.sessionId };
    default:
      return fate satisfies never;
  }
}
