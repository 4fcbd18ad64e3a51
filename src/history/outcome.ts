/** How an activity or a child workflow ended, from its closing history event. */
import {
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
  TimeoutType,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/common';
import { toNumber } from './event-time.js';
import type { HistoryEvent, PayloadReader } from './payloads.js';

export interface Outcome {
  /** Id of the event that scheduled or initiated it. */
  readonly opened: number;
  /** As the workflow's own code is given it. */
  readonly outcome: { readonly result: unknown } | { readonly thrown: unknown };
}

/** Undefined for all other events. */
export async function outcomeOf(event: HistoryEvent, payloads: PayloadReader): Promise<Outcome | undefined> {
  return (await activityOutcome(event, payloads)) ?? (await childOutcome(event, payloads));
}

async function activityOutcome(event: HistoryEvent, payloads: PayloadReader): Promise<Outcome | undefined> {
  const completed = event.activityTaskCompletedEventAttributes;
  if (completed) {
    const result = await payloads.first(completed.result);
    return { opened: toNumber(completed.scheduledEventId), outcome: { result } };
  }
  const failed =
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.activityTaskCanceledEventAttributes;
  if (!failed) return undefined;
  const thrown = 'failure' in failed ? await payloads.failure(failed.failure) : undefined;
  return {
    opened: toNumber(failed.scheduledEventId),
    outcome: { thrown: event.activityTaskCanceledEventAttributes ? cancelled() : thrown },
  };
}

async function childOutcome(event: HistoryEvent, payloads: PayloadReader): Promise<Outcome | undefined> {
  const {
    childWorkflowExecutionCompletedEventAttributes: completed,
    childWorkflowExecutionFailedEventAttributes: failed,
    childWorkflowExecutionCanceledEventAttributes: canceled,
    childWorkflowExecutionTimedOutEventAttributes: timedOut,
    childWorkflowExecutionTerminatedEventAttributes: terminated,
    startChildWorkflowExecutionFailedEventAttributes: notStarted,
  } = event;
  if (completed) {
    const result = await payloads.first(completed.result);
    return { opened: toNumber(completed.initiatedEventId), outcome: { result } };
  }
  const ended = failed ?? canceled ?? timedOut ?? terminated ?? notStarted;
  if (!ended) return undefined;
  const opened = toNumber(ended.initiatedEventId);
  const thrown = (error: unknown): Outcome => ({ opened, outcome: { thrown: error } });
  if (failed) return thrown(await payloads.failure(failed.failure));
  if (canceled) return thrown(cancelled());
  if (terminated) return thrown(new TerminatedFailure('terminated'));
  if (notStarted) {
    const { workflowId, workflowType } = notStarted;
    const message = 'Workflow execution already started';
    return thrown(
      new WorkflowExecutionAlreadyStartedError(message, workflowId ?? '', workflowType?.name ?? ''),
    );
  }
  return thrown(new TimeoutFailure('timed out', undefined, TimeoutType.START_TO_CLOSE));
}

const cancelled = () => new CancelledFailure('cancelled');
