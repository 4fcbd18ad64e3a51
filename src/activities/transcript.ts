/**
 * What a stateless turn sends again: the input and the output items of every response so far, read from the
 * histories of the turn's runs. So each item is stored once, and the history grows linearly with the turn.
 */
import type { Context } from '@temporalio/activity';
import type { JsonObject } from '../events/json.js';
import { toNumber } from '../history/event-time.js';
import { PayloadReader, runBefore } from '../history/payloads.js';
import type { InferInput, InferResult } from '../protocol/activity.js';
import { fail } from '../protocol/failures.js';
import { INFER } from '../protocol/names.js';
import { Remembered } from './remembered.js';

type Client = Context['client'];

/** What one run of a turn has to say. */
interface Part {
  readonly items: readonly JsonObject[];
  /** The run before it, in which the turn began or went on. */
  readonly before: string | undefined;
}

/** Runs that have closed never change: each worker reads them once. */
const closedRuns = new Remembered<Part>(64 * 1024 * 1024);

/** @throws ApplicationFailure of type TranscriptExpired when the retention of an earlier run is over. */
export async function transcriptOf({ client, info }: Context): Promise<readonly JsonObject[]> {
  if (!info.workflowExecution) return [];
  const { workflowId, runId } = info.workflowExecution;
  let part = await partIn(client, workflowId, runId);
  const parts = [part.items];
  while (part.before !== undefined) {
    part = await closedPart(client, workflowId, part.before);
    parts.unshift(part.items);
  }
  return parts.flat();
}

async function closedPart(client: Client, workflowId: string, runId: string): Promise<Part> {
  const known = closedRuns.get(runId);
  if (known) return known;
  const part = await partIn(client, workflowId, runId).catch((error: unknown) => {
    throw isNotFound(error) ? expired(runId) : error;
  });
  closedRuns.set(runId, part, Buffer.byteLength(JSON.stringify(part.items)));
  return part;
}

async function partIn(client: Client, workflowId: string, runId: string): Promise<Part> {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const payloads = new PayloadReader(client.options.loadedDataConverter);
  const inputs = new Map<number, readonly JsonObject[]>();
  const items: JsonObject[] = [];
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
      items.push(...input, ...output_items);
    }
  }
  const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
  return { items, before: started ? runBefore(started) : undefined };
}

function itemsOf(input: InferInput['input']): readonly JsonObject[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  return input as readonly JsonObject[];
}

function isNotFound(error: unknown): boolean {
  return (Object(error) as { name?: unknown }).name === 'WorkflowNotFoundError';
}

function expired(runId: string) {
  return fail('TranscriptExpired', { message: `The turn's earlier run ${runId} is no longer kept` });
}
