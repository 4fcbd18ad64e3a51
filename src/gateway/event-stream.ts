/** Server-sent events: what watchers are told, as bodies of responses, at the pace of each client. */
import type { Told } from './hub/watcher.js';

/** What a stream is fed from. */
export interface Source {
  /** Of the last event that was told. */
  readonly cursor: string | undefined;
  next(): Promise<Told>;
  close(): void;
}

export interface StreamObserver {
  sent(events: number): void;
  cut(reason: CutReason): void;
}

export type CutReason = 'slow_client' | 'shutdown' | 'source_failed';

export interface EventStreamOptions {
  readonly heartbeatMs: number;
  readonly stallMs: number;
  readonly observer: StreamObserver;
}

export interface BodyOptions {
  /**
   * false: for clients that know no words of ours. They are not told when to come again, and a stream that ends too
   * early breaks off: closed in order, it would be taken for a whole one.
   */
  readonly words?: boolean;
}

export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  // For nginx and its kin, which else keep events back.
  'x-accel-buffering': 'no',
} as const;

const encoder = new TextEncoder();
const HEARTBEAT = encoder.encode(': hb\n\n');
/** Clients that were cut together do not come back together. */
const RETRY_MS = { least: 500, spread: 1500 };

/** An event as it goes over the wire. */
export function frameOf({ id, ...event }: { readonly id?: string; readonly type: string }): Uint8Array {
  return encoder.encode(
    `${id === undefined ? '' : `id: ${id}\n`}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
  );
}

interface Open {
  /** Called at every beat of the heart. */
  beat(): void;
}

export class EventStreams {
  readonly #options: EventStreamOptions;
  readonly #open = new Set<Open>();
  #heart: NodeJS.Timeout | undefined;

  constructor(options: EventStreamOptions) {
    this.#options = options;
  }

  /** @param first what `source.next()` was already asked for */
  body(source: Source, first: Promise<Told>, { words = true }: BodyOptions = {}): ReadableStream<Uint8Array> {
    const { stallMs, observer } = this.#options;
    let next: Promise<Told> | undefined = first;
    let waiting = false;
    let silent = false;
    let movedAt = performance.now();
    let controller: ReadableStreamDefaultController<Uint8Array>;
    const end = (): void => {
      this.#open.delete(open);
      source.close();
    };
    const open: Open = {
      beat: () => {
        if (waiting && silent) controller.enqueue(HEARTBEAT);
        silent = true;
        if (waiting || performance.now() - movedAt < stallMs) return;
        controller.error(new BrokenOffError('The client takes nothing any more.'));
        observer.cut('slow_client');
        end();
      },
    };
    const say = (bytes: Uint8Array): void => {
      silent = false;
      controller.enqueue(bytes);
    };
    const cut = (reason: CutReason): void => {
      observer.cut(reason);
      if (words) {
        say(cutFrame(reason, source.cursor));
        controller.close();
      } else controller.error(new BrokenOffError(`A stream of events was cut: ${reason}.`));
      end();
    };
    this.#add(open);
    return new ReadableStream<Uint8Array>(
      {
        start: (given) => {
          controller = given;
          if (words) controller.enqueue(encoder.encode(`retry: ${retryMs()}\n\n`));
        },
        pull: async () => {
          waiting = true;
          const told = await (next ?? source.next());
          waiting = false;
          movedAt = performance.now();
          next = undefined;
          if (!this.#open.has(open)) return;
          switch (told.kind) {
            case 'events':
              observer.sent(told.events);
              say(told.bytes);
              return;
            case 'ended':
              controller.close();
              end();
              return;
            case 'cut':
              cut(told.reason);
              return;
            case 'failed':
              cut('source_failed');
              return;
            default:
              told satisfies never;
          }
        },
        cancel: end,
      },
      // Nothing is taken for a client that does not ask for it.
      { highWaterMark: 0 },
    );
  }

  /** No more heartbeats. */
  close(): void {
    clearInterval(this.#heart);
    this.#heart = undefined;
  }

  #add(open: Open): void {
    this.#open.add(open);
    this.#heart ??= setInterval(() => {
      for (const one of this.#open) one.beat();
    }, this.#options.heartbeatMs).unref();
  }
}

/** Servers log what a body ends with: where it was thrown says nothing. */
class BrokenOffError extends Error {
  override readonly name = 'BrokenOffError';

  constructor(message: string) {
    super(message);
    this.stack = `BrokenOffError: ${message}`;
  }
}

function cutFrame(reason: CutReason, after: string | undefined): Uint8Array {
  const data = { reason, ...(after === undefined ? {} : { after }) };
  return encoder.encode(`event: cut\ndata: ${JSON.stringify(data)}\n\n`);
}

function retryMs(): number {
  return RETRY_MS.least + Math.floor(Math.random() * RETRY_MS.spread);
}
