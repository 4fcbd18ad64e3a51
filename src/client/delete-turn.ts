/** Takes a turn that has ended out of Temporal, before its retention does. */
import type { Client } from '@temporalio/client';
import { runsTo } from './runs.js';

/**
 * All its runs, the newest first.
 * @throws TurnNotFoundError
 */
export async function deleteTurn(client: Client, workflowId: string): Promise<void> {
  const { namespace } = client.options;
  const { ids } = await runsTo(client, workflowId);
  for (const runId of ids.toReversed()) {
    await client.workflowService.deleteWorkflowExecution({
      namespace,
      workflowExecution: { workflowId, runId },
    });
  }
}
