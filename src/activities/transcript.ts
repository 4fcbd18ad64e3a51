/**
 * What a stateless turn sends again: the input and the output items of every response so far, read from the
 * turn's own history. So each item is stored once, and the history grows linearly with the turn.
 */
import type { Context } from '@temporalio/activity';
import type { JsonObject } from '../events/json.js';
import { toNumber } from '../history/event-time.js';
import { PayloadReader } from '../history/payloads.js';
import type { InferInput, InferResult } from '../protocol/activity.js';
import { INFER } from '../protocol/names.js';

export async function transcriptOf({ client, info }: Context): Promise<readonly JsonObject[]> {
  if (!info.workflowExecution) return [];
  const { workflowId, runId } = info.workflowExecution;
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const payloads = new PayloadReader(client.options.loadedDataConverter);
  const inputs = new Map<number, readonly JsonObject[]>();
  const transcript: JsonObject[] = [];
  for (const event of history.events ?? []) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled?.activityType?.name === INFER) {
      const { input } = (await payloads.first(scheduled.input)) as InferInput;
      inputs.set(toNumber(event.eventId), itemsOf(input));
    }
    const completed = event.activityTaskCompletedEventAttributes;
    const input = inputs.get(toNumber(completed?.scheduledEventId));
    if (completed && input) {
      const { output_items = [] } = (await payloads.first(completed.result)) as InferResult;
      transcript.push(...input, ...output_items);
    }
  }
  return transcript;
}

function itemsOf(input: InferInput['input']): readonly JsonObject[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  return input as readonly JsonObject[];
}
