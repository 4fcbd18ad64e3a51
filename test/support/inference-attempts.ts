// What became of the attempts of a turn whose worker died.

import type { Client } from '@temporalio/client';
import type { SupersedeReason, TurnEvent } from '../../src/events/turn-event.js';
import { ofType } from './watch.js';

/**
 * Attempts of all activities of a turn that ask the model, as Temporal counted them. Of an activity that was
 * cancelled between two attempts Temporal tells none.
 */
export async function inferenceAttempts(client: Client, turnId: string): Promise<number> {
  const { events } = await client.workflow.getHandle(turnId).fetchHistory();
  const asking = new Set(
    (events ?? [])
      .filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'infer')
      .map(({ eventId }) => String(eventId)),
  );
  return (events ?? [])
    .flatMap((event) => event.activityTaskStartedEventAttributes ?? [])
    .filter(({ scheduledEventId }) => asking.has(String(scheduledEventId)))
    .reduce((sum, { attempt }) => sum + (attempt ?? 1), 0);
}

/** Why steps are void, beside that Temporal lost an attempt; on a busy machine an attempt may lose Temporal first. */
export function otherReasons(events: readonly TurnEvent[]): readonly SupersedeReason[] {
  return ofType(events, 'step_superseded')
    .map(({ reason }) => reason)
    .filter(({ code, message }) => code !== 'attempt_lost' && !message.startsWith('The worker was cut off'));
}
