/**
 * The pages of a run's history, as they come: a long poll that no worker, query or update takes part in.
 * Watching therefore changes nothing, and works with no worker up and after the run has closed.
 */
import { isGrpcCancelledError, isGrpcDeadlineError, isGrpcServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { HistoryEvent } from '../history/payloads.js';
import { TurnNotFoundError } from './errors.js';
import { isNotFound } from './grpc-errors.js';
import { inOrder } from './in-order.js';
import { PageSize } from './page-size.js';

/** Shorter than the server's own 20 s: a notification that was lost costs no more than this. */
const POLL_MS = 10_000;
const GREATEST_WAIT_MS = 5000;
/**
 * A signal is followed by the events of the workflow task that handles it, which nobody waits for. So long a
 * pause brings them in one answer, and not in two more.
 */
const SETTLE_MS = 25;

/** How often in a row the server may refuse a token that it gave, with nothing new in between. */
const REFUSED_TOKENS = 5;

const INVALID_ARGUMENT = 3;
const RESOURCE_EXHAUSTED = 8;
const UNAVAILABLE = 14;
const ALL_EVENTS = 1;

export interface PagesOptions {
  /** Default: the newest run. */
  readonly runId?: string | undefined;
  /** true: waits for new events until the run has closed; false: ends at the newest event. */
  readonly wait: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Each event once. @throws TurnNotFoundError; the signal's reason when it is aborted; gRPC errors that do not pass. */
export async function* historyPages(
  client: Client,
  workflowId: string,
  { runId, wait, signal }: PagesOptions,
): AsyncGenerator<readonly HistoryEvent[]> {
  const { namespace } = client.options;
  let nextPageToken: Uint8Array | undefined;
  const size = new PageSize();
  const ordered = inOrder();
  let failures = 0;
  let refusedTokens = 0;
  for (;;) {
    signal?.throwIfAborted();
    const request = {
      namespace,
      execution: { workflowId, ...(runId === undefined ? {} : { runId }) },
      waitNewEvent: wait,
      historyEventFilterType: ALL_EVENTS,
      maximumPageSize: size.events,
      skipArchival: true,
      ...(nextPageToken ? { nextPageToken } : {}),
    };
    try {
      const page = await within(client, signal, () =>
        client.workflowService.getWorkflowExecutionHistory(request),
      );
      failures = 0;
      const events = page.history?.events ?? [];
      size.came(events.length);
      const fresh = ordered(events);
      if (fresh.length > 0) {
        refusedTokens = 0;
        yield fresh;
      }
      if (!page.nextPageToken?.length) return;
      nextPageToken = page.nextPageToken;
      if (wait && endsWithSignal(events)) await pause(SETTLE_MS, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (isNotFound(error)) throw new TurnNotFoundError(workflowId);
      if (isGrpcDeadlineError(error)) {
        if (size.silent() || wait) continue;
        throw error;
      }
      const smaller = isTooMuch(error) && size.refused();
      const again = nextPageToken !== undefined && isRefused(error) && ++refusedTokens <= REFUSED_TOKENS;
      if (again) nextPageToken = undefined;
      if (!smaller && !again && !(wait && passes(error))) throw error;
      failures += 1;
      await pause(Math.min(GREATEST_WAIT_MS, 100 * 2 ** failures), signal);
    }
  }
}

/** A call with a deadline, which ends when the signal is aborted. */
export async function within<T>(
  client: Client,
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
): Promise<T> {
  const limited = () => client.connection.withDeadline(Date.now() + POLL_MS, call);
  if (!signal) return limited();
  // The SDK leaves its listener on the signal of a call, so each call gets a signal of its own.
  const own = new AbortController();
  const abort = (): void => own.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await client.connection.withAbortSignal(own.signal, limited);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Behind the last signal stands nothing but, at most, the schedule of its workflow task. */
function endsWithSignal(events: readonly HistoryEvent[]): boolean {
  const last = events.findLast((event) => !event.workflowTaskScheduledEventAttributes);
  return Boolean(last?.workflowExecutionSignaledEventAttributes);
}

/**
 * CurrentBranchChanged of the server, under the code of bad requests. Its tokens name a state of the run, and a server
 * that had to go back to an older state (a write that failed, a failover) knows that one no more. Its history begins
 * with the same events all the same.
 */
function isRefused(error: unknown): boolean {
  return codeOf(error) === INVALID_ARGUMENT;
}

/** A page beyond the message limit, or a server that is asked too often. */
function isTooMuch(error: unknown): boolean {
  return codeOf(error) === RESOURCE_EXHAUSTED;
}

/** A server that restarts or is asked too often, or a connection that was cut. */
function passes(error: unknown): boolean {
  if (isTooMuch(error)) return !(error instanceof Error && /larger than max/i.test(error.message));
  return codeOf(error) === UNAVAILABLE || isGrpcCancelledError(error);
}

function codeOf(error: unknown): number | undefined {
  return isGrpcServiceError(error) ? error.code : undefined;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
