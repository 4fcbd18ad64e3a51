/** `runTurn`: a turn as a child of your own workflow. */
import { executeChild, ParentClosePolicy, uuid4, workflowInfo } from '@temporalio/workflow';
import type { ChildWorkflowOptions } from '@temporalio/workflow';
import { AGENT_TURN, TURN_MEMO } from '../protocol/names.js';
import { startedBy } from '../protocol/turn-start.js';
import type { TurnInput, TurnResult } from '../protocol/turn.js';

/** Of the child workflow that the turn is. */
export interface RunTurnOptions {
  /** Default: `<this workflow's id>/<random>`. */
  readonly turnId?: string | undefined;
  /** Default: the task queue of this workflow. */
  readonly taskQueue?: string | undefined;
}

/**
 * Runs a turn and waits for its end. When this workflow closes, the turn is asked to cancel.
 * @throws ChildWorkflowFailure when the turn fails: its `cause` is an ApplicationFailure whose `type` is one of
 * `FAILURES` and whose `details[0].error` is the TurnError. A turn that was cancelled has a CancelledFailure there.
 */
export async function runTurn(input: TurnInput, options: RunTurnOptions = {}): Promise<TurnResult> {
  const { turnId = `${workflowInfo().workflowId}/${uuid4().slice(0, 8)}`, taskQueue } = options;
  const { agent, session_id } = startedBy(input);
  const child: ChildWorkflowOptions = {
    workflowId: turnId,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    memo: { [TURN_MEMO]: { agent, ...(session_id === undefined ? {} : { session_id }) } },
    ...(taskQueue === undefined ? {} : { taskQueue }),
  };
  return executeChild<(input: TurnInput) => Promise<TurnResult>>(AGENT_TURN, { ...child, args: [input] });
}
