/** How much history one run of a turn may have. */
import { workflowInfo } from '@temporalio/workflow';

export interface HistorySize {
  readonly events: number;
  readonly bytes: number;
}

export interface HistoryBudget {
  /** The turn goes on in a new run as soon as it can; sooner where Temporal suggests it. */
  readonly continueAt: HistorySize;
  /** The last resort, where it could not: the turn ends. */
  readonly endAt: HistorySize;
}

/** Temporal terminates a run at 51,200 events or 50 MB, and with it all that the turn has come to. */
export const HISTORY_BUDGET: HistoryBudget = {
  continueAt: { events: 8192, bytes: 8 * 1024 * 1024 },
  endAt: { events: 45_000, bytes: 40 * 1024 * 1024 },
};

export function passes({ events, bytes }: HistorySize): boolean {
  const { historyLength, historySize } = workflowInfo();
  return historyLength > events || historySize > bytes;
}
