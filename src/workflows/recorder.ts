/**
 * The workflow's side of the event log: what activities publish and what the run itself does goes through
 * one TurnLog, which answers the queries. What the run says on its own is also written into the memo
 * `turn_events`, so that readers of the history find it.
 */
import { CancellationScope, setHandler, upsertMemo } from '@temporalio/workflow';
import type { BatchEvent } from '../events/batch.js';
import type { JsonValue } from '../events/json.js';
import { unpackBatch } from '../events/packed-batch.js';
import type { TurnProgress } from '../events/progress.js';
import { WORKFLOW_SOURCE } from '../events/source.js';
import type { ErrorSource, ToolCall, TurnEndEvent, TurnEvent, TurnStarted } from '../events/turn-event.js';
import { TurnLog } from '../events/turn-log.js';
import { eventsQuery, progressQuery, publishSignal } from '../protocol/definitions.js';
import { TURN_EVENTS_MEMO } from '../protocol/names.js';
import type { TurnCarry } from '../protocol/turn-carry.js';
import { sourceEndOf } from '../protocol/turn-error.js';
import { EventWindow } from './event-window.js';
import { progressView } from './progress-view.js';

export class Recorder {
  readonly #log: TurnLog;
  readonly #window: EventWindow;
  /** That of the workflow itself: cancelled when the turn is asked to cancel, and not by its limits. */
  readonly #root = CancellationScope.current();
  #said = 0;

  /** To be made in the workflow's own scope. `carry`: what earlier runs of the turn recorded. */
  constructor(turnId: string, carry?: TurnCarry) {
    this.#log = new TurnLog(turnId);
    this.#window = new EventWindow(carry?.next_offset);
    if (carry) this.#log.resume(carry);
    setHandler(publishSignal, (packed) => this.#keep(this.#log.accept(unpackBatch(packed))));
    setHandler(progressQuery, (query) => progressView(this.#log.progress, query));
    setHandler(eventsQuery, (query) => this.#window.page(query));
  }

  get progress(): TurnProgress {
    return this.#log.progress;
  }

  get openCalls(): readonly ToolCall[] {
    return this.#log.openCalls;
  }

  /** Offset of the next event. */
  get nextOffset(): number {
    return this.#window.next;
  }

  started(event: Omit<TurnStarted, 'type' | 'turn_id'>): void {
    this.#keep(this.#log.start(event));
  }

  scheduled(source: string): void {
    this.#keep(this.#log.open(source, now()));
  }

  settled(source: string, done: unknown): void {
    this.#keep(this.#log.settle(source, done, now()));
  }

  threw(source: string, thrown: unknown, who: ErrorSource): void {
    const end = sourceEndOf(thrown, who, { cancelRequested: this.#root.consideredCancelled });
    this.#keep(this.#log.close(source, end, now()));
  }

  /** The output of an external tool, as it came in an update. */
  learned(inputId: string, output: JsonValue): void {
    this.#log.learn(inputId, output);
  }

  /** Says events that no activity says; each call costs one history event. */
  say(events: readonly BatchEvent[]): void {
    const batch = { source: WORKFLOW_SOURCE, epoch: 0, attempt: 1, n: this.#said++, events };
    this.#keep(this.#log.say(batch));
    upsertMemo({ [TURN_EVENTS_MEMO]: batch });
  }

  ended(event: TurnEndEvent): void {
    this.#keep(this.#log.end(event));
  }

  #keep(events: readonly TurnEvent[]): void {
    this.#window.push(events);
  }
}

/** The time of this workflow task, as events write it. */
export function now(): string {
  return new Date(Date.now()).toISOString();
}
