/**
 * Publisher: sends what an activity has to tell as batches, by signal, while the activity runs; the rest
 * travels with the activity's result.
 *
 * P1 A batch is frozen when it is first sent: a retry sends the same n and the same events.
 * P2 At most one signal is in flight, so batches keep their order.
 * P3 Nothing that goes wrong with a signal fails the activity, and no rejection is left unhandled.
 * P4 What was not acknowledged is in the hand-over; a batch that arrived all the same is dropped by its n.
 */
import type { Batch, BatchEvent, Handover } from '../events/batch.js';
import type { PublishingMode } from '../protocol/turn.js';
import { BatchBuffer } from './batch-buffer.js';

/** A plain answer is done before this, and then costs no signal at all. */
const QUIET_MS = 50;
/** The start of an inference step waits this long for a first delta to travel with. */
const LONE_START_MS = 500;
const SHARE_OF_AGE = 0.008;
/** Signals that take long to be taken show that worker or server are busy: they are then sent less often. */
const TIMES_OF_ROUND_TRIP = 4;
/** How much the last round trip counts against those before. */
const LAST_ROUND_TRIP = 0.3;
/** A hundred activities of one worker together send about a hundred signals a second. */
const MS_PER_NEIGHBOUR = 10;
const DEFAULT_MIN_MS = 100;
const DEFAULT_MAX_MS = 1000;
/** Node's timers fire at once for more: a turn that wanted no signals would soon have had its 10,000. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** How long the end of an activity waits for a signal that is in flight. */
const LAST_SIGNAL_MS = 5000;

export interface PublisherOptions {
  readonly source: string;
  /** Asked for with each batch; it stays as it is once one was made. */
  readonly epoch: () => number;
  readonly attempt: number;
  /** This attempt goes on where the one before stopped. */
  readonly continues: boolean;
  readonly mode: PublishingMode;
  readonly minInterval?: number | undefined;
  readonly maxInterval?: number | undefined;
  /** Activities that publish to the same turn side by side. */
  readonly siblings: number;
  /** How many activities of this worker may publish now, this one included. Default: it alone. */
  readonly neighbours?: () => number;
  /** Rejects with a SignalRefused when no later signal can succeed; any other rejection is tried again. */
  readonly send: (batch: Batch) => Promise<void>;
}

/** The run takes no more signals: it is closed, or has had its 10,000. */
export class SignalRefused extends Error {
  override readonly name = 'SignalRefused';
}

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #buffer: BatchBuffer;
  readonly #startedAt = Date.now();
  readonly #frozen: Batch[] = [];
  readonly #silent: boolean;
  #n = 0;
  #continues: boolean;
  #lastSent = 0;
  /** Smoothed time in ms that a signal takes to be acknowledged. */
  #roundTrip = 0;
  #failures = 0;
  #inFlight: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #open: boolean;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#continues = options.continues;
    this.#buffer = new BatchBuffer(options.mode);
    this.#silent = options.mode === 'off';
    this.#open = true;
  }

  tell(event: BatchEvent): void {
    this.#buffer.push(event);
    this.#plan();
  }

  /** An earlier attempt has told this. */
  know(event: BatchEvent): void {
    this.#buffer.know(event);
  }

  /**
   * Takes the place of the attempts before and goes on with their steps: nothing that they still send counts
   * once this is acknowledged. To be called before anything is told.
   * @returns false when no signal can be sent any more; this attempt then stands for itself, as if it had not claimed.
   */
  async claim(): Promise<boolean> {
    const { source, attempt } = this.#options;
    const epoch = this.#options.epoch();
    this.#continues = true;
    this.#frozen.push({ source, epoch, attempt, n: this.#n++, continues: true, events: [] });
    if (await this.acknowledged()) return true;
    this.#continues = false;
    this.#frozen.length = 0;
    this.#n = 0;
    return false;
  }

  /**
   * Sends all that was told so far at once, in any mode, and waits until it is in the history.
   * @returns false when no signal can be sent any more: what is left travels with the result.
   */
  async acknowledged(): Promise<boolean> {
    clearTimeout(this.#timer);
    for (let batch = this.#freeze(); batch; batch = this.#freeze()) this.#frozen.push(batch);
    while (this.#open && this.#frozen.length > 0) {
      if (this.#failures > 0) await pause(this.#dueAt() - Date.now());
      this.#send();
      await this.#inFlight;
    }
    return this.#frozen.length === 0;
  }

  /** Sends nothing any more: this attempt has lost its place to another one. */
  stop(): void {
    this.#open = false;
    clearTimeout(this.#timer);
  }

  /** The activity is done: what is left, to travel with its result. */
  async handOver(): Promise<Handover> {
    const { attempt } = this.#options;
    const epoch = this.#options.epoch();
    const continues = this.#continues;
    this.stop();
    await this.#settled();
    const rest = [...this.#frozen];
    for (let batch = this.#freeze(); batch; batch = this.#freeze()) rest.push(batch);
    return { epoch, attempt, ...(continues ? { continues } : {}), batches: rest };
  }

  /** The activity is about to throw, and a failure carries no batches: everything goes by signal now. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#settled();
    this.#failures = 0;
    while (this.#open && (this.#frozen.length > 0 || this.#buffer.size > 0) && this.#failures < 3) {
      this.#send();
      await this.#settled();
    }
    this.stop();
  }

  #plan(): void {
    if (!this.#open || this.#silent || this.#inFlight) return;
    clearTimeout(this.#timer);
    const wait = Math.min(LONGEST_TIMER_MS, Math.max(0, this.#dueAt() - Date.now()));
    this.#timer = setTimeout(() => this.#send(), wait);
  }

  #dueAt(): number {
    const { minInterval = DEFAULT_MIN_MS, maxInterval = DEFAULT_MAX_MS, siblings } = this.#options;
    const quiet = this.#startedAt + (this.#buffer.isLoneStart ? LONE_START_MS : QUIET_MS);
    if (this.#failures > 0) return this.#lastSent + Math.min(maxInterval * 2 ** this.#failures, 10_000);
    if (this.#buffer.hasBorder) return quiet;
    const age = Date.now() - this.#startedAt;
    const wanted = Math.max(
      minInterval,
      age * SHARE_OF_AGE,
      this.#roundTrip * TIMES_OF_ROUND_TRIP,
      (this.#options.neighbours?.() ?? 1) * MS_PER_NEIGHBOUR,
    );
    const interval = Math.min(maxInterval, wanted) * siblings;
    return Math.max(quiet, this.#lastSent + interval);
  }

  #send(): void {
    if (!this.#open || this.#inFlight) return;
    const batch = this.#frozen[0] ?? this.#keep(this.#freeze());
    if (!batch) return;
    this.#lastSent = Date.now();
    this.#inFlight = this.#options
      .send(batch)
      .then(
        () => {
          this.#frozen.shift();
          this.#roundTrip += LAST_ROUND_TRIP * (Date.now() - this.#lastSent - this.#roundTrip);
          this.#failures = 0;
        },
        (refusal: unknown) => {
          this.#failures += 1;
          if (refusal instanceof SignalRefused) this.#open = false;
        },
      )
      .finally(() => {
        this.#inFlight = undefined;
        if (this.#buffer.size > 0 || this.#frozen.length > 0) this.#plan();
      });
  }

  #keep(batch: Batch | undefined): Batch | undefined {
    if (batch) this.#frozen.push(batch);
    return batch;
  }

  #freeze(): Batch | undefined {
    const events = this.#buffer.take();
    if (events.length === 0) return undefined;
    const { source, attempt } = this.#options;
    const epoch = this.#options.epoch();
    const continues = this.#continues;
    return { source, epoch, attempt, n: this.#n++, ...(continues ? { continues } : {}), events };
  }

  /** Waits for the signal in flight; one that hangs is counted as not acknowledged. */
  async #settled(): Promise<void> {
    const last = this.#inFlight;
    if (!last) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_SIGNAL_MS);
    });
    await Promise.race([last, late]);
    clearTimeout(timer);
    if (this.#inFlight === last) this.#open = false;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
