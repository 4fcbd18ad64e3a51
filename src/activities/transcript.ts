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
import type { TurnInput } from '../protocol/turn.js';
import { itemsOf } from './input-items.js';
import { Remembered } from './remembered.js';

type Client = Context['client'];

/** What one run of a turn has to say. */
interface Part {
  readonly items: readonly JsonObject[];
  /** The run before it, in which the turn began or went on. */
  readonly before: string | undefined;
  /** As the turn's input says. */
  readonly previousTurnId: string | undefined;
}

export interface TurnTranscript {
  readonly items: readonly JsonObject[];
  /** The turn of the session before it. */
  readonly previousTurnId: string | undefined;
}

/** Runs that have closed never change: each worker reads them once. */
const closedRuns = new Remembered<Part>(64 * 1024 * 1024);

/** @throws ApplicationFailure of type TranscriptExpired when the retention of an earlier run is over. */
export async function transcriptOf({ client, info }: Context): Promise<readonly JsonObject[]> {
  if (!info.workflowExecution) return [];
  const { workflowId, runId } = info.workflowExecution;
  return (await transcriptFrom(client, workflowId, await partIn(client, workflowId, runId))).items;
}

/**
 * Of another turn, which has ended.
 * @throws ApplicationFailure of type TranscriptExpired when its retention is over.
 */
export async function turnTranscript(client: Client, turnId: string): Promise<TurnTranscript> {
  const newest = await partIn(client, turnId).catch((error: unknown) => {
    throw isNotFound(error) ? expired(`turn ${turnId}`) : error;
  });
  return transcriptFrom(client, turnId, newest);
}

async function transcriptFrom(client: Client, workflowId: string, newest: Part): Promise<TurnTranscript> {
  let part = newest;
  const parts = [part.items];
  while (part.before !== undefined) {
    part = await closedPart(client, workflowId, part.before);
    parts.unshift(part.items);
  }
  return { items: parts.flat(), previousTurnId: part.previousTurnId };
}

async function closedPart(client: Client, workflowId: string, runId: string): Promise<Part> {
  const known = closedRuns.get(runId);
  if (known) return known;
  const part = await partIn(client, workflowId, runId).catch((error: unknown) => {
    throw isNotFound(error) ? expired(`run ${runId}`) : error;
  });
  closedRuns.set(runId, part, Buffer.byteLength(JSON.stringify(part.items)));
  return part;
}

async function partIn(client: Client, workflowId: string, runId?: string): Promise<Part> {
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
  const { previous_turn_id } = Object(await payloads.first(started?.input)) as Partial<TurnInput>;
  return { items, before: started ? runBefore(started) : undefined, previousTurnId: previous_turn_id };
}

function isNotFound(error: unknown): boolean {
  return (Object(error) as { name?: unknown }).name === 'WorkflowNotFoundError';
}

function expired(what: string) {
  return fail('TranscriptExpired', { message: `The earlier ${what} is no longer kept` });
}
