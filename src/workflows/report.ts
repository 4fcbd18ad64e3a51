/** Tells the workflow of `report_to` how the turn ends, before it does. */
import {
  CancellationScope,
  getExternalWorkflowHandle,
  isCancellation,
  TemporalFailure,
} from '@temporalio/workflow';
import type { TurnReport } from '../protocol/session.js';
import { turnEndedSignal } from '../protocol/session-definitions.js';
import type { Turn } from './turn.js';

/** The turn ends by throwing. A bug is no end: Temporal tries the workflow task again until a fixed worker takes it. */
export async function reportThrown(turn: Turn, thrown: unknown): Promise<void> {
  if (isCancellation(thrown) || CancellationScope.current().consideredCancelled) {
    return report(turn, 'cancelled');
  }
  if (thrown instanceof TemporalFailure) await report(turn, 'failed');
}

/** A session that is gone hears nothing, and the turn ends all the same. */
export async function report(turn: Turn, status: TurnReport['status']): Promise<void> {
  const { report_to } = turn.input;
  if (!report_to) return;
  turn.steering.end();
  const told = turn.report(status);
  await CancellationScope.nonCancellable(async () => {
    await getExternalWorkflowHandle(report_to.workflow_id)
      .signal(turnEndedSignal, told)
      .catch(() => undefined);
  });
}
