import type { Client } from '@temporalio/client';

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
