/** The runs of a turn or a session: it continues as new, and a reset puts a run in the place of another. */
import type { Client } from '@temporalio/client';
import { toNumber } from '../history/event-time.js';
import { runBefore } from '../history/payloads.js';
import type { HistoryEvent } from '../history/payloads.js';
import { TurnNotFoundError } from './errors.js';
import { isNotFound } from './grpc-errors.js';
import { historyPages, within } from './history-pages.js';

export interface Runs {
  /** Run ids, oldest first; the last one is the run that was asked about. */
  readonly ids: readonly string[];
  /** false: there were earlier runs, whose retention is over. */
  readonly whole: boolean;
}

/** What `describe` says of a run. */
interface RunInfo {
  readonly runId: string;
  /** First run of the chain; a reset keeps it. */
  readonly firstRunId: string;
}

/** @throws TurnNotFoundError */
export async function describeRun(
  client: Client,
  workflowId: string,
  runId?: string,
  signal?: AbortSignal,
): Promise<RunInfo> {
  const execution = { workflowId, ...(runId === undefined ? {} : { runId }) };
  const { namespace } = client.options;
  try {
    const { workflowExecutionInfo: info } = await within(client, signal, () =>
      client.workflowService.describeWorkflowExecution({ namespace, execution }),
    );
    const id = info?.execution?.runId ?? '';
    return { runId: id, firstRunId: info?.firstRunId ?? '' };
  } catch (error) {
    throw isNotFound(error) ? new TurnNotFoundError(workflowId) : error;
  }
}

export interface RunsOptions {
  /** The last of them. Default: the current run. */
  readonly runId?: string | undefined;
  /** Whoever needs none before this run spares the calls for them. */
  readonly since?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * From the first run to this one, as each run's first event tells of the one before. So runs that a reset has put
 * aside are not among them.
 * @throws TurnNotFoundError when the run itself is not there.
 */
export async function runsTo(
  client: Client,
  workflowId: string,
  { runId, since, signal }: RunsOptions = {},
): Promise<Runs> {
  const last = await describeRun(client, workflowId, runId, signal);
  const ids = [last.runId];
  if (last.runId === last.firstRunId) return { ids, whole: true };
  for (let id: string | undefined = last.runId; id !== undefined && id !== since;) {
    try {
      id = await readRunBefore(client, workflowId, id, signal);
    } catch (error) {
      if (isNotFound(error) && ids.length > 1) return { ids: ids.slice(1), whole: false };
      throw error;
    }
    if (id !== undefined) ids.unshift(id);
  }
  return { ids, whole: true };
}

async function readRunBefore(
  client: Client,
  workflowId: string,
  runId: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const request = {
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
    skipArchival: true,
  };
  const { history } = await within(client, signal, () =>
    client.workflowService.getWorkflowExecutionHistory(request),
  );
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  return started ? runBefore(started) : undefined;
}

/** Whether this run has ended because another one has taken its place. */
export async function wasReset(
  client: Client,
  workflowId: string,
  runId: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const current = await describeRun(client, workflowId, undefined, signal);
  if (current.runId === runId) return false;
  const { firstRunId } = await describeRun(client, workflowId, runId, signal);
  return current.firstRunId === firstRunId;
}

export interface Fork {
  /** The first run that is no longer one. */
  readonly old: string;
  /** The runs in the place of it and of those that followed it. */
  readonly runs: readonly string[];
  /** Id of the first event in which the first of them differs from `old`. */
  readonly eventId: number;
}

/** Where a reset has parted the runs to one that it put aside from those that stand. */
export async function forkBetween(
  client: Client,
  workflowId: string,
  before: Runs,
  now: Runs,
  signal?: AbortSignal,
): Promise<Fork> {
  const common = before.ids.findLastIndex((id) => now.ids.includes(id));
  const old = before.ids[common + 1] ?? '';
  const runs = now.ids.slice(now.ids.indexOf(before.ids[common] ?? '') + 1);
  return { old, runs, eventId: await forkOf(client, workflowId, [old, runs[0] ?? ''], signal) };
}

/**
 * Id of the first history event in which two runs differ that came from the same one by resets. A reset copies the
 * history up to it and then writes which run it made.
 */
async function forkOf(
  client: Client,
  workflowId: string,
  runs: readonly [string, string],
  signal?: AbortSignal,
): Promise<number> {
  const [a, b] = await Promise.all(runs.map((runId) => resetsIn(client, workflowId, runId, signal)));
  return firstDifference(a ?? [], b ?? []);
}

interface Reset {
  readonly eventId: number;
  readonly runId: string;
}

/** Pure. Infinity: they do not differ. */
export function firstDifference(a: readonly Reset[], b: readonly Reset[]): number {
  const longest = Math.max(a.length, b.length);
  for (let i = 0; i < longest; i += 1) {
    if (a[i]?.eventId === b[i]?.eventId && a[i]?.runId === b[i]?.runId) continue;
    return Math.min(a[i]?.eventId ?? Infinity, b[i]?.eventId ?? Infinity);
  }
  return Infinity;
}

async function resetsIn(
  client: Client,
  workflowId: string,
  runId: string,
  signal: AbortSignal | undefined,
): Promise<readonly Reset[]> {
  const resets: Reset[] = [];
  for await (const page of historyPages(client, workflowId, { runId, wait: false, signal })) {
    resets.push(...page.flatMap(resetIn));
  }
  return resets;
}

function resetIn({ eventId, workflowTaskFailedEventAttributes: failed }: HistoryEvent): readonly Reset[] {
  return failed?.newRunId ? [{ eventId: toNumber(eventId), runId: failed.newRunId }] : [];
}
