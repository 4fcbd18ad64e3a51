// Resets of a turn's workflow.

import { randomUUID } from 'node:crypto';
import { vi } from 'vitest';
import type { TurnHandle } from '../../src/client/index.js';
import type { Rig } from './rig.js';

/** RESET_REAPPLY_TYPE_ALL_ELIGIBLE, Temporal's default (signals and updates), and RESET_REAPPLY_TYPE_NONE. */
const [ELIGIBLE, NOTHING] = [3, 2];

/** What was told of a run may be ahead of its workflow tasks. */
const PATIENCE = { timeout: 30_000, interval: 50 };

/** Resets the turn to one of its workflow tasks, counted from 0, once that is completed; gives the new run's id. */
export async function resetTo(
  { client }: Pick<Rig, 'client'>,
  { turnId }: Pick<TurnHandle, 'turnId'>,
  task: number,
  runId?: string,
  { reapply = true }: { readonly reapply?: boolean } = {},
): Promise<string> {
  const chosen = await vi.waitFor(async () => {
    const { events } = await client.workflow.getHandle(turnId, runId).fetchHistory();
    const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
    const found = tasks.at(task);
    if (!found) throw new Error(`the run has ${tasks.length} workflow tasks, not one at ${task}`);
    return found;
  }, PATIENCE);
  const reset = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: turnId, ...(runId === undefined ? {} : { runId }) },
    workflowTaskFinishEventId: chosen.eventId ?? null,
    reason: 'test',
    requestId: randomUUID(),
    resetReapplyType: reapply ? ELIGIBLE : NOTHING,
  });
  return reset.runId;
}
