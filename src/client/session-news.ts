/** A session's histories, run after run. */
import type { Client } from '@temporalio/client';
import { closesRun } from '../history/closes-run.js';
import { isoTime, toNumber } from '../history/event-time.js';
import { PayloadReader } from '../history/payloads.js';
import type { HistoryEvent } from '../history/payloads.js';
import { SessionLog } from '../history/session-log.js';
import type { SessionEntry } from '../history/session-log.js';
import type { SessionBook } from '../protocol/session-book.js';
import { SessionNotFoundError, TurnNotFoundError } from './errors.js';
import { isNotFound } from './grpc-errors.js';
import { historyPages } from './history-pages.js';
import type { PagesOptions } from './history-pages.js';
import { runsTo, wasReset } from './runs.js';
import type { Runs, RunsOptions } from './runs.js';

/** What one history event told, and how the session stands after it. */
export interface SessionNews {
  readonly runId: string;
  readonly eventId: number;
  /** Of the history event, RFC 3339. */
  readonly at: string;
  readonly entries: readonly SessionEntry[];
  readonly book: SessionBook;
  /** A reset has put the run aside: the last news, which tells no more than that. */
  readonly isLeft: boolean;
  /** Of a run that a reset made: all that the reset has brought along was told before. */
  readonly isAfterReset: boolean;
}

export interface NewsOptions {
  /** The runs to begin with; those that follow are found. */
  readonly runs: readonly string[];
  /** true: waits for what comes until the session is closed. */
  readonly wait: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** @throws SessionNotFoundError */
export async function* sessionNews(
  client: Client,
  sessionId: string,
  { runs, wait, signal }: NewsOptions,
): AsyncGenerator<SessionNews> {
  const payloads = new PayloadReader(client.options.loadedDataConverter);
  const known = [...runs];
  for (let runId = known.shift(); runId !== undefined;) {
    const log = new SessionLog(sessionId, payloads);
    let isReset = false;
    const mayBeGone = known.length > 0;
    for await (const event of historyEvents(client, sessionId, { runId, wait, signal, mayBeGone })) {
      const place = { runId, eventId: toNumber(event.eventId), at: isoTime(event.eventTime) };
      const isLeft = closesRun(event) && (await wasReset(client, sessionId, runId, signal));
      const entries = isLeft ? [] : await log.read(event);
      yield { ...place, entries, book: log.book, isLeft, isAfterReset: isReset && endsTask(event) };
      isReset ||= event.workflowTaskFailedEventAttributes?.newRunId === runId;
      if (isLeft) return;
    }
    runId = known.shift() ?? log.nextRunId;
  }
}

function endsTask(event: HistoryEvent): boolean {
  return Boolean(
    event.workflowTaskCompletedEventAttributes ??
    event.workflowTaskFailedEventAttributes ??
    event.workflowTaskTimedOutEventAttributes,
  );
}

async function* historyEvents(
  client: Client,
  sessionId: string,
  options: PagesOptions & {
    /** A slow reader may see the retention of a run end before it has come to it: the rest of it is left out. */
    readonly mayBeGone: boolean;
  },
): AsyncGenerator<HistoryEvent> {
  try {
    for await (const page of historyPages(client, sessionId, options)) {
      // Events of workflow tasks tell nothing, and their ids may come again with other events.
      yield* page.filter(
        (event) => !event.workflowTaskScheduledEventAttributes && !event.workflowTaskStartedEventAttributes,
      );
    }
  } catch (error) {
    if (!options.mayBeGone || !(error instanceof TurnNotFoundError)) throw ofSession(sessionId, error);
  }
}

/** The newest run alone, which begins with all that the session has to know. @throws SessionNotFoundError */
export async function* newestNews(
  client: Client,
  sessionId: string,
  options: Omit<NewsOptions, 'runs'>,
): AsyncGenerator<SessionNews> {
  const { runId } = await newestRun(client, sessionId);
  yield* sessionNews(client, sessionId, { ...options, runs: [runId] });
}

/** How the session stands now. @throws SessionNotFoundError */
export async function bookOf(client: Client, sessionId: string): Promise<SessionBook> {
  for (;;) {
    let newest: SessionNews | undefined;
    for await (const news of newestNews(client, sessionId, { wait: false })) newest = news;
    if (!newest) throw new SessionNotFoundError(sessionId);
    if (!newest.isLeft) return newest.book;
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

/** Those of the session's runs that are still kept. @throws SessionNotFoundError */
export async function sessionRuns(
  client: Client,
  sessionId: string,
  options: RunsOptions = {},
): Promise<Runs> {
  try {
    return await runsTo(client, sessionId, options);
  } catch (error) {
    throw ofSession(sessionId, error);
  }
}

function ofSession(sessionId: string, error: unknown): unknown {
  return error instanceof TurnNotFoundError ? new SessionNotFoundError(sessionId) : error;
}
