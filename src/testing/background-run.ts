/**
 * A response that runs in the background: it is made whether or not anybody reads it, all its frames are kept,
 * and any number of streams follow it from any place.
 */
import { EventEmitter, once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { JsonObject } from '../events/json.js';
import { scriptError } from './deliver.js';
import { stillHappens } from './fault-step.js';
import type { FaultStep } from './fault-step.js';
import type { EventFrame, Frame } from './frame.js';
import { numberOf } from './wire.js';

export interface BackgroundRunOptions {
  /** As it stands before anything has happened: `status: "queued"`. */
  readonly response: JsonObject;
  /** Those of its reply that count events. */
  readonly faults: readonly FaultStep[];
  /** Stores the response as it stands now. */
  keep(response: JsonObject, run: BackgroundRun): void;
  /** Stores the finished response and adds it to its conversation. */
  commit(finished: JsonObject, run: BackgroundRun): void;
}

const BREATH = 32;
const STATUS_BY_EVENT: Readonly<Record<string, string>> = {
  'response.queued': 'queued',
  'response.in_progress': 'in_progress',
};

export class BackgroundRun {
  readonly startedAt = Date.now();
  #streams = 0;
  readonly #options: BackgroundRunOptions;
  readonly #frames: Frame[] = [];
  readonly #stop = new AbortController();
  readonly #news = new EventEmitter().setMaxListeners(0);
  #response: JsonObject;
  #over = false;

  constructor(options: BackgroundRunOptions) {
    this.#options = options;
    this.#response = options.response;
    options.keep(options.response, this);
  }

  /** Aborted when the response is cancelled. */
  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  /** Makes the response to its end; never rejects. */
  async make(frames: AsyncIterable<Frame>): Promise<void> {
    try {
      for await (const frame of frames) {
        if (this.#over) return;
        this.#take(frame);
        if (this.#frames.length % BREATH === 0) await setImmediate();
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#end();
    }
  }

  /** Nothing more happens after it. A response that is over stays as it is. */
  cancel(): void {
    if (this.#over) return;
    // What OpenAI keeps in `output` of a cancelled response is not known; here it is nothing.
    this.#keep({ ...this.#response, status: 'cancelled' });
    this.#end();
  }

  /**
   * A stream of its frames after the event of that sequence number, from the start if undefined; ends when it is
   * over. With the faults that happen to this stream; see `FaultOptions.times`.
   */
  stream(
    after: number | undefined,
    gone: AbortSignal,
  ): { readonly frames: AsyncGenerator<Frame, void, undefined>; readonly faults: readonly FaultStep[] } {
    const n = ++this.#streams;
    const happens = (fault: FaultStep): boolean => n === 1 || stillHappens({ times: 1, ...fault }, n);
    return { frames: this.#follow(after, gone, happens), faults: this.#options.faults.filter(happens) };
  }

  async *#follow(
    after: number | undefined,
    gone: AbortSignal,
    happens: (fault: FaultStep) => boolean,
  ): AsyncGenerator<Frame, void, undefined> {
    let next = this.#positionAfter(after);
    for (;;) {
      const frame = this.#frames[next];
      if (frame) {
        next += 1;
        if ('fault' in frame ? happens(frame.fault) : isAfter(frame, after)) yield frame;
      } else if (this.#over || gone.aborted) return;
      else await once(this.#news, 'news', { signal: gone }).catch(() => undefined);
    }
  }

  #take(frame: Frame): void {
    if ('event' in frame) {
      const status = STATUS_BY_EVENT[frame.event.type];
      if (status !== undefined) this.#keep({ ...this.#response, status });
      if (frame.finished) this.#options.commit(frame.finished, this);
    }
    this.#frames.push(frame);
    this.#news.emit('news');
  }

  #fail(thrown: unknown): void {
    const error = scriptError(thrown);
    this.#keep({ ...this.#response, status: 'failed', error: { code: error.code, message: error.message } });
    this.#frames.push({ event: { type: 'error', error: { ...error, param: null } } });
  }

  #keep(response: JsonObject): void {
    this.#response = response;
    this.#options.keep(response, this);
  }

  #end(): void {
    this.#over = true;
    this.#stop.abort();
    this.#news.emit('news');
  }

  /** Faults that stand before the place have had their chance. */
  #positionAfter(after: number | undefined): number {
    if (after === undefined) return 0;
    return this.#frames.findLastIndex((frame) => 'event' in frame && !isAfter(frame, after)) + 1;
  }
}

function isAfter({ event }: EventFrame, after: number | undefined): boolean {
  return after === undefined || (numberOf(event['sequence_number']) ?? Infinity) > after;
}
