/**
 * HistoryLog: turns the histories of a turn's runs, read one after another, into turn events, through the same
 * TurnLog as the workflow and in the same order. Within one workflow task the workflow handles signals before
 * outcomes of activities, so signals are applied at once, and outcomes are held until the WorkflowTaskCompleted
 * that handled them.
 *
 * It may begin with a later run: what was carried there stands for the runs before.
 * Deterministic: the same history gives the same events, whoever reads it and however it is paged.
 */
import type { Batch, SourceEnd } from '../events/batch.js';
import { unpackBatch } from '../events/packed-batch.js';
import type { TurnProgress } from '../events/progress.js';
import type { TurnEvent } from '../events/turn-event.js';
import { TurnLog } from '../events/turn-log.js';
import { parseSource } from '../events/source.js';
import { sourceOfChild } from '../protocol/child-workflow-id.js';
import { failureOf, turnError } from '../protocol/failures.js';
import type { InputResolution } from '../protocol/resolve-input.js';
import { PUBLISH_SIGNAL, RESOLVE_INPUT_UPDATE, TURN_EVENTS_MEMO } from '../protocol/names.js';
import { sourceEndOf } from '../protocol/turn-error.js';
import { turnCancelled, turnCompleted, turnFailed } from '../protocol/turn-end.js';
import { isCarry } from '../protocol/turn-carry.js';
import { startedBy } from '../protocol/turn-start.js';
import type { TurnResult } from '../protocol/turn.js';
import { isoTime, toNumber } from './event-time.js';
import { outcomeOf } from './outcome.js';
import { runBefore } from './payloads.js';
import type { HistoryEvent, PayloadReader } from './payloads.js';

type Started = NonNullable<HistoryEvent['workflowExecutionStartedEventAttributes']>;

type Admitted = NonNullable<
  NonNullable<HistoryEvent['workflowExecutionUpdateAdmittedEventAttributes']>['request']
>;
type UpdateInput = Admitted['input'];

/** The end of an activity or a child, held until the workflow task that handles it: `at` is that task's time. */
type Held = (at: string) => TurnEvent[];

export class HistoryLog {
  readonly #turnId: string;
  readonly #log: TurnLog;
  readonly #payloads: PayloadReader;
  /** Sources by the id of the event that scheduled the activity, or initiated the child workflow. */
  readonly #sources = new Map<number, string>();
  /** Updates that a reset applies again, by their ids. */
  readonly #admitted = new Map<string, Admitted>();
  /** Times of workflow task starts by event id. */
  readonly #taskStarts = new Map<number, string>();
  #held: Held[] = [];
  /** Start of the workflow task whose commands are being read. */
  #taskTime = '';
  /** The run was asked to cancel. */
  #cancelRequested = false;
  #closed = false;
  #next: string | undefined;
  /** The turn's start, or what was carried from it, was read. */
  #begun = false;

  constructor(turnId: string, payloads: PayloadReader) {
    this.#turnId = turnId;
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

  /** The turn's last run has closed: no further event will come. */
  get ended(): boolean {
    return this.#closed && this.#next === undefined;
  }

  /** The run in which the turn goes on, once this one has closed for it. */
  get continuedIn(): string | undefined {
    return this.#next;
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
    if (started) return this.#start(started, isoTime(event.eventTime));
    if (event.workflowTaskStartedEventAttributes) {
      this.#taskStarts.set(toNumber(event.eventId), isoTime(event.eventTime));
      return [];
    }
    if (task) return this.#completeTask(toNumber(task.startedEventId));
    if (signal) {
      if (signal.signalName !== PUBLISH_SIGNAL) return [];
      return this.#log.accept(unpackBatch(await this.#payloads.first(signal.input)));
    }
    if (scheduled) {
      this.#sources.set(toNumber(event.eventId), scheduled.activityId ?? '');
      return this.#log.open(scheduled.activityId ?? '', this.#taskTime);
    }
    const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
    if (child) {
      const source = sourceOfChild(this.#turnId, child.workflowId);
      this.#sources.set(toNumber(event.eventId), source);
      return this.#log.open(source, this.#taskTime);
    }
    if (properties) {
      const said = await this.#payloads.member(properties.upsertedMemo?.fields, TURN_EVENTS_MEMO);
      return said ? this.#log.say(said as Batch) : [];
    }
    if (event.workflowExecutionCancelRequestedEventAttributes) {
      this.#cancelRequested = true;
      return [];
    }
    const admitted = event.workflowExecutionUpdateAdmittedEventAttributes?.request;
    if (admitted) {
      this.#admitted.set(admitted.meta?.updateId ?? '', admitted);
      return [];
    }
    const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
    if (accepted) {
      // What a reset applies again is accepted without its request, which stands where it was admitted.
      const id = accepted.protocolInstanceId ?? '';
      await this.#learn(accepted.acceptedRequest?.input ?? this.#admitted.get(id)?.input);
      return [];
    }
    return (await this.#hold(event)) ? [] : this.#close(event);
  }

  /** The first run tells the start of the turn; a later one goes on. */
  async #start(started: Started, at: string): Promise<TurnEvent[]> {
    if (runBefore(started) === undefined) {
      this.#begun = true;
      return this.#log.start({ ...startedBy(await this.#payloads.first(started.input)), at });
    }
    this.#closed = false;
    this.#cancelRequested = false;
    this.#next = undefined;
    this.#sources.clear();
    this.#log.nextRun();
    if (this.#begun) return [];
    this.#begun = true;
    const carry = await this.#payloads.second(started.input);
    if (!isCarry(carry)) throw new Error(OTHER_VERSION);
    this.#log.resume(carry);
    return [];
  }

  async #learn(update: UpdateInput): Promise<void> {
    if (update?.name !== RESOLVE_INPUT_UPDATE) return;
    const resolution = (await this.#payloads.first(update.args)) as InputResolution;
    if (resolution.decision === 'output') this.#log.learn(resolution.input_id, resolution.output);
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

  /** Whether the event is the end of an activity or a child workflow; it is then held. */
  async #hold(event: HistoryEvent): Promise<boolean> {
    const ended = await outcomeOf(event, this.#payloads);
    if (!ended) return false;
    const source = this.#sources.get(ended.opened) ?? '';
    const { outcome } = ended;
    this.#held.push((at) =>
      'result' in outcome
        ? this.#log.settle(source, outcome.result, at)
        : this.#log.close(source, this.#endOf(outcome.thrown, source), at),
    );
    return true;
  }

  #endOf(thrown: unknown, source: string): SourceEnd {
    return sourceEndOf(thrown, whoOf(source), { cancelRequested: this.#cancelRequested });
  }

  async #close(event: HistoryEvent): Promise<TurnEvent[]> {
    const {
      workflowExecutionCompletedEventAttributes: completed,
      workflowExecutionFailedEventAttributes: failed,
      workflowExecutionCanceledEventAttributes: cancelled,
      workflowExecutionTerminatedEventAttributes: terminated,
      workflowExecutionTimedOutEventAttributes: timedOut,
      workflowExecutionContinuedAsNewEventAttributes: continued,
    } = event;
    if (!completed && !failed && !cancelled && !terminated && !timedOut && !continued) return [];
    this.#closed = true;
    const told = this.#release(isoTime(event.eventTime));
    if (continued) {
      this.#next = continued.newExecutionRunId ?? undefined;
      return told;
    }
    if (completed) {
      const result = (await this.#payloads.first(completed.result)) as TurnResult;
      return [...told, ...this.#log.end(turnCompleted(result, this.#taskTime))];
    }
    if (failed) {
      const failure = await this.#payloads.failure(failed.failure);
      return [...told, ...this.#log.end(turnFailed(failure, this.#log, this.#taskTime))];
    }
    if (cancelled) return [...told, ...this.#log.end(turnCancelled(this.#log, this.#taskTime))];
    return [...told, ...this.#log.end(this.#endedFromOutside(terminated?.reason, isoTime(event.eventTime)))];
  }

  /** Terminated, or out of its time: the run itself could say nothing. */
  #endedFromOutside(reason: string | null | undefined, at: string) {
    const message =
      reason === undefined
        ? 'The workflow ran out of its time'
        : `The workflow was terminated: ${reason || 'no reason was given'}`;
    const code = reason === undefined ? 'timed_out' : 'terminated';
    return turnFailed(failureOf('TurnEnded', turnError('TurnEnded', { code, message })), this.#log, at);
  }
}

const OTHER_VERSION = 'The turn was continued by another version of durable-turns: read it with that version';

function whoOf(source: string): 'model' | 'tool' {
  return parseSource(source)?.kind === 'tool' ? 'tool' : 'model';
}
