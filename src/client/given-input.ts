/** The input that a turn was started with, as it stands in its history; a turn that continues as new hands it on. */
import type { Client } from '@temporalio/client';
import { PayloadReader } from '../history/payloads.js';
import { isNotFound } from './grpc-errors.js';
import { TurnNotFoundError } from './errors.js';

/** @throws TurnNotFoundError */
export async function givenInput(client: Client, workflowId: string): Promise<unknown> {
  const { history } = await client.workflowService
    .getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId },
      maximumPageSize: 1,
    })
    .catch((error: unknown) => {
      throw isNotFound(error) ? new TurnNotFoundError(workflowId) : error;
    });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  return new PayloadReader(client.options.loadedDataConverter).first(started?.input);
}
