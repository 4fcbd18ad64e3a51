/** A session's histories, run after run. */
import type { Client } from '@temporalio/client';
import { isoTime, toNumber } from '../history/event-time.js';
import { PayloadReader } from '../history/payloads.js';
import type { HistoryEvent } from '../history/payloads.js';
import { SessionLog } from '../history/session-log.js';
import type { SessionEntry } from '../history/session-log.js';
import type { SessionBook } from '../protocol/session-book.js';
import { SessionNotFoundError, TurnNotFoundError } from './errors.js';
import { isNotFound } from './grpc-errors.js';
import { historyPages } from './history-pages.js';
import { runsTo } from './runs.js';

/** What one history event told, and how the session stands after it. */
export interface SessionNews {
  readonly runId: string;
  readonly eventId: number;
  /** Of the history event, RFC 3339. */
  readonly at: string;
  readonly entries: readonly SessionEntry[];
  readonly book: SessionBook;
}

export interface NewsOptions {
  /** The run to begin with. */
  readonly runId: string;
  /** true: waits for what comes until the session is closed. */
  readonly wait: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** @throws SessionNotFoundError */
export async function* sessionNews(
  client: Client,
  sessionId: string,
  { runId, wait, signal }: NewsOptions,
): AsyncGenerator<SessionNews> {
  const payloads = new PayloadReader(client.options.loadedDataConverter);
  for (let run: string | undefined = runId; run !== undefined;) {
    const log = new SessionLog(sessionId, payloads);
    for await (const event of historyEvents(client, sessionId, { runId: run, wait, signal })) {
      const entries = await log.read(event);
      const [eventId, at] = [toNumber(event.eventId), isoTime(event.eventTime)];
      yield { runId: run, eventId, at, entries, book: log.book };
    }
    run = log.nextRunId && (await inPlaceOf(client, sessionId, log.nextRunId, run));
  }
}

async function* historyEvents(
  client: Client,
  sessionId: string,
  options: { readonly runId: string; readonly wait: boolean; readonly signal: AbortSignal | undefined },
): AsyncGenerator<HistoryEvent> {
  try {
    for await (const page of historyPages(client, sessionId, options)) {
      // Events of workflow tasks tell nothing, and their ids may come again with other events.
      yield* page.filter(
        (event) => !event.workflowTaskScheduledEventAttributes && !event.workflowTaskStartedEventAttributes,
      );
    }
  } catch (error) {
    throw error instanceof TurnNotFoundError ? new SessionNotFoundError(sessionId) : error;
  }
}

/** PENDING_WORKFLOW_TASK_STATE_STARTED of temporal.api.enums.v1. */
const TASK_STARTED = 2;

export interface NewestRun {
  readonly runId: string;
  /** A worker is at work on it: signals that have come meanwhile are not in its history yet. */
  readonly isAtWork: boolean;
}

/** @throws SessionNotFoundError when nothing of that id is known */
export async function newestRun(client: Client, sessionId: string): Promise<NewestRun> {
  try {
    const { runId, raw } = await client.workflow.getHandle(sessionId).describe();
    const state: number | null | undefined = raw.pendingWorkflowTask?.state;
    return { runId, isAtWork: state === TASK_STARTED };
  } catch (error) {
    throw isNotFound(error) ? new SessionNotFoundError(sessionId) : error;
  }
}

/** The oldest run whose history is still kept. */
export async function oldestRun(client: Client, sessionId: string): Promise<string> {
  let { runId: oldest } = await newestRun(client, sessionId);
  const { first, before } = await originsOf(client, sessionId, oldest);
  if (first === oldest) return first;
  if ((await isKept(client, sessionId, first)) && !(await wasCut(client, sessionId, first))) return first;
  for (let run = before; run !== undefined && (await isKept(client, sessionId, run));) {
    oldest = run;
    run = (await originsOf(client, sessionId, run)).before;
  }
  return oldest;
}

/** The run in which the session went on behind `before`: a reset may have put another one in the place of `next`. */
async function inPlaceOf(
  client: Client,
  sessionId: string,
  next: string,
  before: string,
): Promise<string | undefined> {
  if (!(await wasCut(client, sessionId, next))) return next;
  const { ids } = await runsTo(client, sessionId);
  return ids.includes(next) ? next : ids[ids.indexOf(before) + 1];
}

/** Terminated: by an operator, or because a reset has put another run in its place. */
async function wasCut(client: Client, sessionId: string, runId: string): Promise<boolean> {
  return (await client.workflow.getHandle(sessionId, runId).describe()).status.name === 'TERMINATED';
}

async function originsOf(client: Client, workflowId: string, runId: string) {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  return {
    first: started?.firstExecutionRunId || runId,
    before: started?.continuedExecutionRunId || undefined,
  };
}

async function isKept(client: Client, workflowId: string, runId: string): Promise<boolean> {
  try {
    await originsOf(client, workflowId, runId);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
