/** Whether an attempt still has work to do, as Temporal sees it. */
import type { Context } from '@temporalio/activity';

/** `cancelled`: the turn was asked to cancel, or is over. `stale`: another attempt has this one's place. */
export type Standing = 'current' | 'cancelled' | 'stale';

export async function standingOf({ client, info }: Context): Promise<Standing> {
  if (!info.workflowExecution) return 'current';
  const { workflowId, runId } = info.workflowExecution;
  const { raw, status } = await client.workflow.getHandle(workflowId, runId).describe();
  if (status.name !== 'RUNNING' || raw.workflowExtendedInfo?.cancelRequested === true) return 'cancelled';
  const pending = raw.pendingActivities?.find(({ activityId }) => activityId === info.activityId);
  return pending?.attempt === info.attempt ? 'current' : 'stale';
}
