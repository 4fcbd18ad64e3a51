// Resets of a turn's workflow.

import { randomUUID } from 'node:crypto';
import type { TurnHandle } from '../../src/client/index.js';
import type { Rig } from './rig.js';

/** RESET_REAPPLY_TYPE_SIGNAL, Temporal's default, and RESET_REAPPLY_TYPE_NONE. */
const [SIGNALS, NOTHING] = [1, 2];

/** Resets the turn to one of its workflow tasks that were completed, counted from 0; gives the id of the new run. */
export async function resetTo(
  { client }: Pick<Rig, 'client'>,
  { turnId }: Pick<TurnHandle, 'turnId'>,
  task: number,
  runId?: string,
  { withSignals = true }: { readonly withSignals?: boolean } = {},
): Promise<string> {
  const { events } = await client.workflow.getHandle(turnId, runId).fetchHistory();
  const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  const chosen = tasks.at(task);
  if (!chosen) throw new Error(`the run has ${tasks.length} workflow tasks, not one at ${task}`);
  const reset = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: turnId, ...(runId === undefined ? {} : { runId }) },
    workflowTaskFinishEventId: chosen.eventId ?? null,
    reason: 'test',
    requestId: randomUUID(),
    resetReapplyType: withSignals ? SIGNALS : NOTHING,
  });
  return reset.runId;
}
