/**
 * The activity `turn_report`: how a turn of a session ended, for a session that did not hear it. It looks once;
 * while the turn runs it fails, and Temporal looks again later.
 */
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import { HistoryLog } from '../history/history-log.js';
import { PayloadReader } from '../history/payloads.js';
import { TURN_ENDED_SIGNAL } from '../protocol/names.js';
import type { TurnReport } from '../protocol/session.js';
import type { TurnInput } from '../protocol/turn.js';

type WentOnFrom = NonNullable<TurnReport['went_on_from']>;

export async function turnReport(turnId: string): Promise<TurnReport> {
  const { client } = Context.current();
  const turn = client.workflow.getHandle(turnId);
  const status = await statusOf(turn);
  // Its retention is over: a worker was away for that long.
  if (status === undefined) return { turn_id: turnId, status: 'failed' };
  if (status === 'RUNNING') {
    throw ApplicationFailure.retryable(`The turn ${turnId} runs`, 'TurnRunning');
  }
  const { events } = await turn.fetchHistory();
  const payloads = new PayloadReader(client.options.loadedDataConverter);
  const log = new HistoryLog(turnId, payloads);
  let given: Partial<TurnInput> = {};
  for (const event of events ?? []) {
    const started = event.workflowExecutionStartedEventAttributes;
    if (started) given = Object(await payloads.first(started.input)) as Partial<TurnInput>;
    const signal = event.signalExternalWorkflowExecutionInitiatedEventAttributes;
    if (signal?.signalName === TURN_ENDED_SIGNAL) {
      return { ...((await payloads.first(signal.input)) as TurnReport), went_on_from: wentOnFrom(given) };
    }
    await log.read(event);
  }
  // It was terminated, say, before it could report.
  const { state, steps } = log.progress;
  const last = steps.findLast((step) => step.step_type === 'inference' && step.state === 'completed');
  const response = last?.step_type === 'inference' ? last.response_id : undefined;
  return {
    turn_id: turnId,
    status: state === 'running' || state === 'waiting' ? 'failed' : state,
    ...(response === undefined ? {} : { last_response_id: response }),
    went_on_from: wentOnFrom(given),
  };
}

function wentOnFrom({ previous_response_id, previous_turn_id }: Partial<TurnInput>): WentOnFrom {
  return {
    ...(previous_response_id === undefined ? {} : { previous_response_id }),
    ...(previous_turn_id === undefined ? {} : { previous_turn_id }),
  };
}

async function statusOf(turn: WorkflowHandle): Promise<string | undefined> {
  try {
    return (await turn.describe()).status.name;
  } catch (error) {
    if ((Object(error) as { name?: unknown }).name === 'WorkflowNotFoundError') return undefined;
    throw error;
  }
}
