/** Whether a turn was started with this input. */
import type { Client } from '@temporalio/client';
import { isDeepStrictEqual } from 'node:util';
import { PayloadReader } from '../history/payloads.js';
import type { TurnInput } from '../protocol/turn.js';

/** Compares as JSON with what stands in the first event of the turn's history. */
export async function wasStartedWith(client: Client, workflowId: string, input: TurnInput): Promise<boolean> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const given = await new PayloadReader(client.options.loadedDataConverter).first(started?.input);
  return isDeepStrictEqual(given, JSON.parse(JSON.stringify(input)));
}
