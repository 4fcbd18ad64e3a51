/**
 * HistoryLog: turns the history of one run into turn events, through the same TurnLog as the workflow and
 * in the same order. Within one workflow task the workflow handles signals before outcomes of activities, so
 * signals are applied at once, and outcomes are held until the WorkflowTaskCompleted that handled them.
 *
 * Deterministic: the same history gives the same events, whoever reads it and however it is paged.
 */
import { CancelledFailure } from '@temporalio/common';
import type { Batch } from '../events/batch.js';
import type { TurnProgress } from '../events/progress.js';
import type { TurnEvent } from '../events/turn-event.js';
import { TurnLog } from '../events/turn-log.js';
import { parseSource } from '../events/source.js';
import { failureOf, turnError } from '../protocol/failures.js';
import type { InputResolution } from '../protocol/resolve-input.js';
import { PUBLISH_SIGNAL, RESOLVE_INPUT_UPDATE, TURN_EVENTS_MEMO } from '../protocol/names.js';
import { sourceEndOf } from '../protocol/turn-error.js';
import { turnCancelled, turnCompleted, turnFailed } from '../protocol/turn-end.js';
import { startedBy } from '../protocol/turn-start.js';
import type { TurnResult } from '../protocol/turn.js';
import { isoTime, toNumber } from './event-time.js';
import type { HistoryEvent, PayloadReader } from './payloads.js';

/** An activity's end, held until the workflow task that handles it: `at` is that task's time. */
type Outcome = (at: string) => TurnEvent[];

export class HistoryLog {
  readonly #log: TurnLog;
  readonly #payloads: PayloadReader;
  /** Activity ids by the id of the event that scheduled them. */
  readonly #sources = new Map<number, string>();
  /** Times of workflow task starts by event id. */
  readonly #taskStarts = new Map<number, string>();
  #held: Outcome[] = [];
  /** Start of the workflow task whose commands are being read. */
  #taskTime = '';
  #ended = false;

  constructor(turnId: string, payloads: PayloadReader) {
    this.#log = new TurnLog(turnId);
    this.#payloads = payloads;
  }

  get progress(): TurnProgress {
    return this.#log.progress;
  }

  /** Batches that never came; 0 unless an invariant is broken. */
  get gaps(): number {
    return this.#log.gaps;
  }

  /** The run has closed: no further event will come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** What this history event says of the turn; most say nothing. */
  async read(event: HistoryEvent): Promise<TurnEvent[]> {
    const {
      workflowExecutionStartedEventAttributes: started,
      workflowTaskCompletedEventAttributes: task,
      workflowExecutionSignaledEventAttributes: signal,
      activityTaskScheduledEventAttributes: scheduled,
      workflowPropertiesModifiedEventAttributes: properties,
    } = event;
    if (started) {
      return this.#log.start({
        ...startedBy(await this.#payloads.first(started.input)),
        at: isoTime(event.eventTime),
      });
    }
    if (event.workflowTaskStartedEventAttributes) {
      this.#taskStarts.set(toNumber(event.eventId), isoTime(event.eventTime));
      return [];
    }
    if (task) return this.#completeTask(toNumber(task.startedEventId));
    if (signal) {
      if (signal.signalName !== PUBLISH_SIGNAL) return [];
      return this.#log.accept((await this.#payloads.first(signal.input)) as Batch);
    }
    if (scheduled) {
      this.#sources.set(toNumber(event.eventId), scheduled.activityId ?? '');
      return this.#log.open(scheduled.activityId ?? '', this.#taskTime);
    }
    if (properties) {
      const said = await this.#payloads.member(properties.upsertedMemo?.fields, TURN_EVENTS_MEMO);
      return said ? this.#log.say(said as Batch) : [];
    }
    const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
    if (update) {
      if (update.name !== RESOLVE_INPUT_UPDATE) return [];
      const resolution = (await this.#payloads.first(update.args)) as InputResolution;
      if (resolution.decision === 'output') this.#log.learn(resolution.input_id, resolution.output);
      return [];
    }
    return (await this.#hold(event)) ? [] : this.#close(event);
  }

  #completeTask(startedEventId: number): TurnEvent[] {
    this.#taskTime = this.#taskStarts.get(startedEventId) ?? this.#taskTime;
    this.#taskStarts.clear();
    return this.#release(this.#taskTime);
  }

  #release(at: string): TurnEvent[] {
    const held = this.#held;
    this.#held = [];
    return held.flatMap((outcome) => outcome(at));
  }

  /** Whether the event is an activity's end; it is then held. */
  async #hold(event: HistoryEvent): Promise<boolean> {
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed) {
      const source = this.#sources.get(toNumber(completed.scheduledEventId)) ?? '';
      const done = await this.#payloads.first(completed.result);
      this.#held.push((at) => this.#log.settle(source, done, at));
      return true;
    }
    const failed =
      event.activityTaskFailedEventAttributes ??
      event.activityTaskTimedOutEventAttributes ??
      event.activityTaskCanceledEventAttributes;
    if (!failed) return false;
    const source = this.#sources.get(toNumber(failed.scheduledEventId)) ?? '';
    const failure = 'failure' in failed ? await this.#payloads.failure(failed.failure) : undefined;
    const end = event.activityTaskCanceledEventAttributes ? CANCELLED : sourceEndOf(failure, whoOf(source));
    this.#held.push((at) => this.#log.close(source, end, at));
    return true;
  }

  async #close(event: HistoryEvent): Promise<TurnEvent[]> {
    const {
      workflowExecutionCompletedEventAttributes: completed,
      workflowExecutionFailedEventAttributes: failed,
      workflowExecutionCanceledEventAttributes: cancelled,
      workflowExecutionTerminatedEventAttributes: terminated,
      workflowExecutionTimedOutEventAttributes: timedOut,
    } = event;
    if (!completed && !failed && !cancelled && !terminated && !timedOut) return [];
    this.#ended = true;
    const told = this.#release(isoTime(event.eventTime));
    if (completed) {
      const result = (await this.#payloads.first(completed.result)) as TurnResult;
      return [...told, ...this.#log.end(turnCompleted(result, this.#taskTime))];
    }
    if (failed) {
      const failure = await this.#payloads.failure(failed.failure);
      return [...told, ...this.#log.end(turnFailed(failure, this.progress, this.#taskTime))];
    }
    if (cancelled) return [...told, ...this.#log.end(turnCancelled(this.progress, this.#taskTime))];
    return [...told, ...this.#log.end(this.#endedFromOutside(terminated?.reason, isoTime(event.eventTime)))];
  }

  /** Terminated, or out of its time: the run itself could say nothing. */
  #endedFromOutside(reason: string | null | undefined, at: string) {
    const message =
      reason === undefined
        ? 'The workflow ran out of its time'
        : `The workflow was terminated: ${reason || 'no reason was given'}`;
    const code = reason === undefined ? 'timed_out' : 'terminated';
    return turnFailed(failureOf('TurnEnded', turnError('TurnEnded', { code, message })), this.progress, at);
  }
}

const CANCELLED = sourceEndOf(new CancelledFailure('cancelled'), 'workflow');

function whoOf(source: string): 'model' | 'tool' {
  return parseSource(source)?.kind === 'tool' ? 'tool' : 'model';
}
