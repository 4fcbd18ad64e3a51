/** One call of a tool: as an activity of ours, as an activity of yours, or as a child workflow. */
import {
  ActivityCancellationType,
  CancellationScope,
  ChildWorkflowCancellationType,
  executeChild,
  ParentClosePolicy,
  proxyActivities,
} from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import { isHandover } from '../events/activity-outcome.js';
import { toolErrorText } from '../events/end-of-step.js';
import type { RoutedCall } from '../events/routed-call.js';
import { foreignText } from '../events/tool-text.js';
import type { TurnError } from '../events/turn-event.js';
import type { ToolInput } from '../protocol/activity.js';
import { childWorkflowId } from '../protocol/child-workflow-id.js';
import { fail } from '../protocol/failures.js';
import { idempotencyKey } from '../protocol/idempotency-key.js';
import type { CarriedAnswer } from '../protocol/turn-carry.js';
import { sourceEndOf } from '../protocol/turn-error.js';
import type { Answered } from './ask.js';
import type { Turn } from './turn.js';

const SUMMARY_LENGTH = 100;

/** What it throws is told to the model, unless the turn is cancelled or must fail with it. */
export async function runCall(
  turn: Turn,
  answer: CarriedAnswer,
  call: RoutedCall,
  index: number,
  source: string,
): Promise<Answered> {
  turn.recorder.scheduled(source);
  let done: unknown;
  try {
    done = await schedule(turn, call, source, toolInput(turn, answer, call, index));
  } catch (thrown) {
    turn.recorder.threw(source, thrown, 'tool');
    const { status, error } = sourceEndOf(thrown, 'tool');
    // Others may cancel a child workflow too: for the turn that is a failure as any other.
    if (status === 'cancelled' && CancellationScope.current().consideredCancelled) throw thrown;
    return failed(call, error);
  }
  turn.recorder.settled(source, done);
  if (isHandover(done)) return { output: done.output ?? '', failed: false };
  const text = foreignText(call, done);
  return 'error' in text ? failed(call, text.error) : { ...text, failed: false };
}

function failed(call: RoutedCall, error: TurnError): Answered {
  if (!call.fails_turn) return { output: toolErrorText(error), failed: true };
  throw fail('ToolFailed', {
    message: `The tool ${call.tool_name} failed: ${error.message}`,
    code: error.code,
  });
}

/** Options were written by the inference activity, from a definition that was checked at its own door. */
function schedule(turn: Turn, call: RoutedCall, source: string, input: ToolInput): Promise<unknown> {
  const { foreign } = call;
  const summary = `${call.tool_name}(${call.arguments})`.slice(0, SUMMARY_LENGTH);
  if (!foreign) {
    const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;
    return activityOf(call, { activityId: source, summary, cancellationType })(input);
  }
  switch (foreign.kind) {
    case 'activity':
      // It may know nothing of cancellation, so nobody waits for it.
      return activityOf(call, {
        activityId: source,
        summary,
        cancellationType: ActivityCancellationType.TRY_CANCEL,
      })(...foreign.args);
    case 'workflow':
      return executeChild(typeOf(call), {
        ...call.options,
        workflowId: childWorkflowId(turn.id, source),
        args: [...foreign.args],
        staticSummary: summary,
        cancellationType: ChildWorkflowCancellationType.TRY_CANCEL,
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      });
    default:
      return foreign.kind satisfies never;
  }
}

function activityOf(call: RoutedCall, options: ActivityOptions): (...args: unknown[]) => Promise<unknown> {
  type Activities = Record<string, (...args: unknown[]) => Promise<unknown>>;
  const run = proxyActivities<Activities>({ ...call.options, ...options })[typeOf(call)];
  // proxyActivities answers every name; the check is for the type only.
  if (!run) throw new Error(`no proxy for ${call.tool_name}`);
  return run;
}

function toolInput(turn: Turn, answer: CarriedAnswer, call: RoutedCall, index: number): ToolInput {
  const { agent, context, publishing } = turn.input;
  return {
    tool: call.tool_name,
    agent,
    call_id: call.call_id,
    arguments: call.arguments,
    idempotency_key: idempotencyKey(turn.id, answer.response_id ?? String(turn.response), index),
    siblings: answer.calls.length,
    ...(context === undefined ? {} : { context }),
    ...(publishing === undefined ? {} : { publishing }),
  };
}

const typeOf = (call: RoutedCall): string => call.activity ?? call.tool_name;
