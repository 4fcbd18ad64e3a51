/** What `turn_started` says, made from the run's first event: the same in workflow and reader. */
import { EVENT_SCHEMA } from '../events/turn-event.js';
import type { TurnStarted } from '../events/turn-event.js';

/** Tolerates any input: a turn that is refused at the door has started all the same. */
export function startedBy(input: unknown): Omit<TurnStarted, 'type' | 'turn_id' | 'at'> {
  const { agent, session_id, conversation } = Object(input) as Readonly<Record<string, unknown>>;
  const session = [session_id, conversation].find((id) => typeof id === 'string');
  return {
    ...(typeof session === 'string' ? { session_id: session } : {}),
    agent: typeof agent === 'string' ? agent : 'unknown',
    schema: EVENT_SCHEMA,
  };
}
