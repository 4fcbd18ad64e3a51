/** Takes a turn that has ended out of Temporal, before its retention does. */
import type { Client } from '@temporalio/client';
import { isNotFound } from './grpc-errors.js';
import { TurnNotFoundError } from './errors.js';

/**
 * All its runs, the newest first.
 * @throws TurnNotFoundError
 */
export async function deleteTurn(client: Client, workflowId: string): Promise<void> {
  const { namespace } = client.options;
  const { workflowService } = client;
  const { runId: newest } = await client.workflow
    .getHandle(workflowId)
    .describe()
    .catch((error: unknown) => {
      throw isNotFound(error) ? new TurnNotFoundError(workflowId) : error;
    });
  for (let runId = newest; runId !== '';) {
    const execution = { workflowId, runId };
    const { history } = await workflowService.getWorkflowExecutionHistory({
      namespace,
      execution,
      maximumPageSize: 1,
    });
    await workflowService.deleteWorkflowExecution({ namespace, workflowExecution: execution });
    const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
    runId = started?.continuedExecutionRunId ?? '';
  }
}
