/**
 * One attempt of an activity: it heartbeats, knows why it must stop, and publishes to its own run.
 * Everything that our activities have in common is here.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { PUBLISH_SIGNAL } from '../protocol/names.js';
import type { Batch, BatchEvent } from '../events/batch.js';
import { packBatch } from '../events/packed-batch.js';
import type { PublishingMode } from '../protocol/turn.js';
import { detailsIn } from './kept-details.js';
import type { KeptDetails } from './kept-details.js';
import { Publisher, SignalRefused } from './publisher.js';
import { placeOf } from './standing.js';
import type { Standing } from './standing.js';
import { onAbortOf, Stop, stopIn } from './stop.js';
import type { StopReason } from './stop.js';
import type { Telemetry } from './telemetry.js';

/** Between two heartbeats, unless the timeout is so short that this would be too long. */
const HEARTBEAT_MS = 1000;
const HEARTBEATS_PER_TIMEOUT = 5;

/** Pause in ms before Temporal is told again what is to be kept. */
const KEEP_AGAIN_MS = 200;

/** Attempts that are at work in this process. */
let atWork = 0;

export interface AttemptOptions {
  readonly publishing: {
    mode: PublishingMode;
    minInterval?: number | undefined;
    maxInterval?: number | undefined;
  };
  readonly siblings: number;
  /** A tool's step goes on over all its attempts. */
  readonly continues: boolean;
  /** Aborted when the worker begins to stop. */
  readonly stopping: AbortSignal;
  readonly telemetry: Telemetry;
}

export class Attempt {
  readonly context = Context.current();
  /** When this attempt was due, or was started if that was earlier: later attempts have greater ones. */
  #epoch = this.context.info.currentAttemptScheduledTimestampMs;
  readonly number = this.context.info.attempt;
  readonly publisher: Publisher;
  /** Attempts so far that do not count against their bound: hand-overs, and those that got on. */
  excused: number;
  /** What earlier attempts kept for this one. */
  kept: KeptDetails;
  /** When that was sent which Temporal acknowledged last, in ms since 1970. */
  heardAt = Date.now();
  #asking = false;
  readonly #stop = new Stop((reason) => {
    if (reason.kind === 'hand_over' || reason.kind === 'cut_off') this.excuse();
  });
  readonly #stopping: AbortSignal;
  readonly #beat: NodeJS.Timeout;

  constructor(options: AttemptOptions) {
    const { info, cancellationSignal } = this.context;
    const { excused = 0, ...kept } = detailsIn(info.heartbeatDetails);
    this.excused = excused;
    this.kept = kept;
    this.publisher = new Publisher({
      source: info.activityId,
      epoch: () => this.#epoch,
      attempt: this.number,
      continues: options.continues,
      siblings: options.siblings,
      neighbours: () => atWork,
      ...options.publishing,
      send: (batch) => options.telemetry.publishing(() => this.#signal(batch)),
    });
    atWork += 1;
    this.#stopping = options.stopping;
    // Not at once: a first heartbeat that has nothing to say would hold back one that has.
    this.#beat = setInterval(() => this.#heartbeat(), beatInterval(info.heartbeatTimeoutMs));
    onAbortOf(cancellationSignal, this.#onCancellation);
    onAbortOf(options.stopping, this.#onStopping);
  }

  get epoch(): number {
    return this.#epoch;
  }

  /**
   * Asks Temporal for the attempt's place, before it tells anything. After a restart Temporal may start an attempt
   * before it is due, and the next one may then be due before it: the time of its start counts.
   * @throws what the client throws. Where the epoch may then be wrong nothing is told.
   */
  async takePlace(): Promise<Standing> {
    try {
      const { standing, startedAt = this.#epoch } = await placeOf(this.context);
      this.#epoch = Math.min(this.#epoch, startedAt);
      return standing;
    } catch (error) {
      if (this.isEarly) this.publisher.stop();
      throw error;
    }
  }

  /** By this machine's clock. */
  get isEarly(): boolean {
    return !this.isFirst && this.#epoch > Date.now();
  }

  /** Aborted with a StopReason as its reason. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get stopReason(): StopReason | undefined {
    return this.#stop.reason;
  }

  stop(reason: StopReason): void {
    if (reason.kind === 'stale') this.publisher.stop();
    this.#stop.now(reason);
  }

  /** From here on a cancel or a hand-over waits for `releaseStops`, but not for long. */
  holdStops(): void {
    this.#stop.hold();
  }

  releaseStops(): void {
    this.#stop.release();
  }

  /** Whether no attempt of this activity ran before. An operator's reset of the activity makes the number 1 again. */
  get isFirst(): boolean {
    return this.number === 1 && this.context.info.heartbeatDetails === undefined;
  }

  /** It was taken up so late that Temporal may have given it up before it began. */
  get isLate(): boolean {
    const { heartbeatTimeoutMs = 0 } = this.context.info;
    return heartbeatTimeoutMs > 0 && Date.now() - this.epoch >= heartbeatTimeoutMs;
  }

  /** This attempt is not to count against the bound of attempts. */
  excuse(): void {
    this.excused += 1;
    this.#heartbeat();
  }

  tell(event: BatchEvent): void {
    this.publisher.tell(event);
  }

  /** An earlier attempt has told this. */
  know(event: BatchEvent): void {
    this.publisher.know(event);
  }

  /**
   * Waits until everything told so far is in the history; what cannot be sent any more travels with the result.
   * @throws the StopReason when the attempt has to stop first.
   */
  async acknowledged(): Promise<void> {
    await this.unlessStopped(this.publisher.acknowledged());
  }

  /**
   * Goes on with the steps of the attempts before; see Publisher.claim.
   * @throws the StopReason when the attempt has to stop first.
   */
  claim(): Promise<boolean> {
    return this.unlessStopped(this.publisher.claim());
  }

  /**
   * Remembers for later attempts, from now on. Temporal has it when this resolves: what may not happen twice
   * begins only then.
   * @throws the StopReason when the attempt has to stop first.
   */
  async keep(kept: KeptDetails): Promise<void> {
    this.kept = { ...this.kept, ...kept };
    this.#heartbeat();
    await this.unlessStopped(this.#untilKept());
  }

  /** Asks Temporal whether it still hears this attempt; `heardAt` then says so, or the attempt is stopped. Never throws. */
  async ask(withinMs: number): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const { connection } = this.context.client;
    await connection.withDeadline(Date.now() + withinMs, () => this.#acknowledgedBeat());
    this.#asking = false;
  }

  /**
   * Waits until the SDK has heard of a cancel too, of which the attempt heard by asking: what it throws would else
   * count as a failure like any other. The SDK asks more often than its heartbeats time out.
   */
  async cancelHeard(): Promise<void> {
    const { cancellationSignal, info } = this.context;
    if (cancellationSignal.aborted) return;
    await sleep(info.heartbeatTimeoutMs ?? 0, undefined, { signal: cancellationSignal }).catch(
      () => undefined,
    );
  }

  /**
   * For what does not know of stops itself.
   * @throws the StopReason when the attempt has to stop first.
   */
  unlessStopped<T>(work: Promise<T>): Promise<T> {
    return this.#stop.unless(work);
  }

  /** Ends heartbeats and listeners; call it once, whatever came of the attempt. */
  close(): void {
    atWork -= 1;
    clearInterval(this.#beat);
    this.#stop.close();
    this.publisher.stop();
    this.context.cancellationSignal.removeEventListener('abort', this.#onCancellation);
    this.#stopping.removeEventListener('abort', this.#onStopping);
  }

  readonly #onCancellation = (): void => {
    const details = this.context.cancellationDetails;
    if (details?.workerShutdown) return this.stop({ kind: 'hand_over' });
    const stale = details && (details.notFound || details.timedOut || details.reset || details.paused);
    this.stop({ kind: stale && !details.cancelRequested ? 'stale' : 'cancelled' });
  };

  readonly #onStopping = (): void => this.stop({ kind: 'hand_over' });

  #heartbeat(): void {
    this.context.heartbeat(this.#details);
  }

  get #details() {
    return { ...this.kept, excused: this.excused };
  }

  /** Nobody acknowledges `context.heartbeat`, and a worker that dies takes along what was not sent yet. */
  async #untilKept(): Promise<void> {
    while (!this.signal.aborted) {
      if (await this.#acknowledgedBeat()) return;
      await sleep(KEEP_AGAIN_MS);
    }
  }

  /** false: Temporal could not be asked. What it answers may stop the attempt. */
  async #acknowledgedBeat(): Promise<boolean> {
    const { client, info } = this.context;
    const sentAt = Date.now();
    try {
      await client.activity.heartbeat(info.taskToken, this.#details);
    } catch (error) {
      const stop = stopIn(error);
      if (!stop) return false;
      this.stop(stop);
    }
    this.heardAt = Math.max(this.heardAt, sentAt);
    return true;
  }

  async #signal(batch: Batch): Promise<void> {
    const { workflowExecution } = this.context.info;
    if (!workflowExecution) throw new SignalRefused('not run by a workflow');
    const run = this.context.client.workflow.getHandle(workflowExecution.workflowId, workflowExecution.runId);
    const sentAt = Date.now();
    try {
      await run.signal(PUBLISH_SIGNAL, packBatch(batch));
      this.heardAt = Math.max(this.heardAt, sentAt);
    } catch (error) {
      throw isFinal(error) ? new SignalRefused('the run takes no more signals') : error;
    }
  }
}

/** gRPC codes that no later try will change. */
const FINAL_CODES: ReadonlySet<unknown> = new Set([
  3 /* INVALID_ARGUMENT: the limit of signals, or a batch too big */, 5 /* NOT_FOUND: closed */,
  7 /* PERMISSION_DENIED */, 9 /* FAILED_PRECONDITION */,
]);

function isFinal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, code, cause } = error as { name?: unknown; code?: unknown; cause?: unknown };
  return name === 'WorkflowNotFoundError' || FINAL_CODES.has(code) || isFinal(cause);
}

function beatInterval(timeoutMs: number | undefined): number {
  return timeoutMs ? Math.min(HEARTBEAT_MS, timeoutMs / HEARTBEATS_PER_TIMEOUT) : HEARTBEAT_MS;
}
