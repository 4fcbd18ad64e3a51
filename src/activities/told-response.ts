/**
 * What the attempts before told of the response that this activity asked for, read from the run's own history:
 * that is the truth, whatever became of those who wrote it.
 */
import type { Context } from '@temporalio/activity';
import { unpackBatch } from '../events/packed-batch.js';
import type { Batch } from '../events/batch.js';
import { TurnLog } from '../events/turn-log.js';
import { PayloadReader } from '../history/payloads.js';
import type { HistoryEvent } from '../history/payloads.js';
import { PUBLISH_SIGNAL } from '../protocol/names.js';
import { ToldSteps } from './told-steps.js';

const ALL_EVENTS = 1;

/**
 * @param untilEpoch Reads until the batch of this epoch: what stands behind it from earlier attempts counts for
 * nobody. Without it the history is read as far as it goes.
 */
export async function toldBefore(context: Context, untilEpoch?: number): Promise<ToldSteps> {
  const source = context.info.activityId;
  const log = new TurnLog(context.info.workflowExecution?.workflowId ?? '');
  log.open(source, '');
  const told = new ToldSteps();
  const payloads = new PayloadReader(context.client.options.loadedDataConverter);
  for await (const event of runHistory(context, untilEpoch !== undefined)) {
    const batch = await batchIn(event, payloads);
    if (batch?.source !== source) continue;
    for (const turnEvent of log.accept(batch)) told.take(turnEvent);
    if (batch.epoch === untilEpoch) break;
  }
  return told;
}

async function batchIn(event: HistoryEvent, payloads: PayloadReader): Promise<Batch | undefined> {
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal?.signalName !== PUBLISH_SIGNAL) return undefined;
  return unpackBatch(await payloads.first(signal.input));
}

/** A signal that came while a workflow task ran gets into the history with the task's end: `wait` waits for it. */
async function* runHistory({ client, info }: Context, wait: boolean): AsyncGenerator<HistoryEvent> {
  if (!info.workflowExecution) return;
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: info.workflowExecution,
      historyEventFilterType: ALL_EVENTS,
      waitNewEvent: wait,
      skipArchival: true,
      ...(nextPageToken ? { nextPageToken } : {}),
    });
    yield* page.history?.events ?? [];
    nextPageToken = page.nextPageToken ?? undefined;
  } while (nextPageToken?.length);
}
