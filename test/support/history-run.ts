/**
 * A run as the server and a worker see it: the history that the server writes, and a TurnLog that is driven
 * as the workflow drives it: within one workflow task signals come before outcomes, then its own commands.
 */
import {
  ApplicationFailure,
  CancelledFailure,
  defaultFailureConverter,
  defaultPayloadConverter,
  TimeoutFailure,
} from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { BatchEvent } from '../../src/events/batch.js';
import { packBatch } from '../../src/events/packed-batch.js';
import { WORKFLOW_SOURCE } from '../../src/events/source.js';
import type { TurnEvent } from '../../src/events/turn-event.js';
import { TurnLog } from '../../src/events/turn-log.js';
import type { HistoryEvent } from '../../src/history/payloads.js';
import { PUBLISH_SIGNAL, TURN_EVENTS_MEMO } from '../../src/protocol/names.js';
import {
  failureDetails,
  soFar,
  turnCancelled,
  turnCompleted,
  turnFailed,
} from '../../src/protocol/turn-end.js';
import { startedBy } from '../../src/protocol/turn-start.js';
import type { TurnResult } from '../../src/protocol/turn.js';
import type { Delivery } from './random-delivery.js';
import { deliverTo } from './run-turn-log.js';

const FIRST_MS = Date.parse('2026-01-05T12:00:00Z');
/** So that no two events have the same time. */
const TICK_MS = 7;

export interface TaskOptions {
  /** Comes while the task runs: the server keeps it until the task is done, and then writes signals first. */
  readonly during?: readonly Delivery[];
  /** The first try of the task fails, and another one follows. */
  readonly fails?: boolean;
}

export class HistoryRun {
  readonly events: HistoryEvent[] = [];
  readonly log = new TurnLog('t');
  readonly told: TurnEvent[] = [];
  #ended = false;
  #ms = FIRST_MS;
  #now = '';
  #said = 0;
  #unhandled: Delivery[] = [];
  readonly #scheduled = new Map<string, number>();

  constructor(input: unknown = { agent: 'assistant', input: 'Hello' }) {
    this.write({ workflowExecutionStartedEventAttributes: { input: payloads(input) } });
    this.told.push(...this.log.start({ ...startedBy(input), at: this.#lastTime }));
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** A signal or the end of an activity reaches the server. */
  arrive(...deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      this.#unhandled.push(delivery);
      this.#writeDelivery(delivery);
    }
  }

  /** A workflow task handles what has come; `commands` is what the workflow then does. */
  task(
    commands: (handled: readonly Delivery[]) => void = () => undefined,
    { during = [], fails = false }: TaskOptions = {},
  ): void {
    let started = this.#startTask();
    if (fails) {
      this.write({ workflowTaskFailedEventAttributes: {} });
      this.arrive(...signalsFirst(during));
      started = this.#startTask();
    }
    this.#now = this.#lastTime;
    this.write({ workflowTaskCompletedEventAttributes: { startedEventId: long(started) } });
    const handled = signalsFirst(this.#unhandled.splice(0));
    for (const delivery of handled) this.told.push(...deliverTo(this.log, delivery, this.#now));
    commands(handled);
    if (!fails && !this.#ended) this.arrive(...signalsFirst(during));
  }

  schedule(...sources: readonly string[]): void {
    for (const activityId of sources) {
      this.#scheduled.set(activityId, this.write({ activityTaskScheduledEventAttributes: { activityId } }));
      this.told.push(...this.log.open(activityId, this.#now));
    }
  }

  say(events: readonly BatchEvent[]): void {
    const batch = { source: WORKFLOW_SOURCE, epoch: 0, attempt: 1, n: this.#said++, events };
    this.told.push(...this.log.say(batch));
    const fields = { [TURN_EVENTS_MEMO]: defaultPayloadConverter.toPayload(batch) };
    this.write({ workflowPropertiesModifiedEventAttributes: { upsertedMemo: { fields } } });
  }

  complete(): void {
    const { open_calls: _open, ...told } = soFar(this.log);
    const end = { status: 'completed', stop_reason: 'end_of_turn', final_text: 'Yes.' } as const;
    const result: TurnResult = { turn_id: 't', ...end, ...told };
    this.#end(turnCompleted(result, this.#now));
    this.write({ workflowExecutionCompletedEventAttributes: { result: payloads(result) } });
  }

  fail(message: string): void {
    const error = { code: 'broken', message, source: 'model', retryable: false } as const;
    const details = [failureDetails(error, this.log)];
    const failure = ApplicationFailure.create({ type: 'Broken', message, details });
    this.#end(turnFailed(failure, this.log, this.#now));
    this.write({ workflowExecutionFailedEventAttributes: { failure: written(failure) } });
  }

  cancel(): void {
    this.#end(turnCancelled(this.log, this.#now));
    this.write({ workflowExecutionCanceledEventAttributes: {} });
  }

  /** Writes an event as it is; gives its id. */
  write(attributes: HistoryEvent): number {
    this.#ms += TICK_MS;
    const eventId = this.events.length + 1;
    this.events.push({ eventId: long(eventId), eventTime: msToTs(this.#ms), ...attributes });
    return eventId;
  }

  get #lastTime(): string {
    return new Date(this.#ms).toISOString();
  }

  #startTask(): number {
    this.write({ workflowTaskScheduledEventAttributes: {} });
    return this.write({ workflowTaskStartedEventAttributes: {} });
  }

  #end(event: Parameters<TurnLog['end']>[0]): void {
    this.#ended = true;
    this.told.push(...this.log.end(event));
  }

  #writeDelivery(delivery: Delivery): void {
    if (delivery.kind === 'signal') {
      const input = payloads(packBatch(delivery.batch));
      this.write({ workflowExecutionSignaledEventAttributes: { signalName: PUBLISH_SIGNAL, input } });
      return;
    }
    const scheduledEventId = long(this.#scheduled.get(delivery.source) ?? 0);
    this.write({ activityTaskStartedEventAttributes: { scheduledEventId } });
    if (delivery.kind === 'settled') {
      const result = payloads(delivery.done);
      this.write({ activityTaskCompletedEventAttributes: { scheduledEventId, result } });
    } else if (delivery.thrown instanceof CancelledFailure) {
      this.write({ activityTaskCanceledEventAttributes: { scheduledEventId } });
    } else if (delivery.thrown instanceof TimeoutFailure) {
      const failure = written(delivery.thrown);
      this.write({ activityTaskTimedOutEventAttributes: { scheduledEventId, failure } });
    } else {
      const failure = written(delivery.thrown);
      this.write({ activityTaskFailedEventAttributes: { scheduledEventId, failure } });
    }
  }
}

/** A number as protobuf carries it: seconds of a Timestamp are such. */
export function long(value: number) {
  return msToTs(value * 1000).seconds ?? null;
}

function signalsFirst(deliveries: readonly Delivery[]): Delivery[] {
  const isSignal = ({ kind }: Delivery): boolean => kind === 'signal';
  return [...deliveries.filter(isSignal), ...deliveries.filter((delivery) => !isSignal(delivery))];
}

function payloads(value: unknown) {
  return { payloads: [defaultPayloadConverter.toPayload(value)] };
}

function written(failure: Error) {
  return defaultFailureConverter.errorToFailure(failure, defaultPayloadConverter);
}
