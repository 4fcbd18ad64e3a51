/** Whether an attempt still has work to do, as Temporal sees it. */
import type { Context } from '@temporalio/activity';
import { isoTime } from '../history/event-time.js';

/** `cancelled`: the turn was asked to cancel, or is over. `stale`: another attempt has this one's place. */
export type Standing = 'current' | 'cancelled' | 'stale';

export interface Place {
  readonly standing: Standing;
  /** When Temporal started the attempt, by its own clock, in ms since 1970; of one that is current. */
  readonly startedAt?: number;
}

export async function standingOf(context: Context): Promise<Standing> {
  return (await placeOf(context)).standing;
}

export async function placeOf({ client, info }: Context): Promise<Place> {
  if (!info.workflowExecution) return { standing: 'current' };
  const { workflowId, runId } = info.workflowExecution;
  const { raw, status } = await client.workflow.getHandle(workflowId, runId).describe();
  if (status.name !== 'RUNNING' || raw.workflowExtendedInfo?.cancelRequested === true)
    return { standing: 'cancelled' };
  const pending = raw.pendingActivities?.find(({ activityId }) => activityId === info.activityId);
  if (pending?.attempt !== info.attempt) return { standing: 'stale' };
  const { lastStartedTime: started } = pending;
  return { standing: 'current', ...(started ? { startedAt: Date.parse(isoTime(started)) } : {}) };
}
