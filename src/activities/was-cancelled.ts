/** Whether the turn was asked to cancel, or is over, while nobody worked on it. */
import type { Context } from '@temporalio/activity';

export async function wasCancelled({ client, info }: Context): Promise<boolean> {
  if (!info.workflowExecution) return false;
  const { workflowId, runId } = info.workflowExecution;
  const { raw, status } = await client.workflow.getHandle(workflowId, runId).describe();
  return status.name !== 'RUNNING' || raw.workflowExtendedInfo?.cancelRequested === true;
}
