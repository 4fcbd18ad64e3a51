/** A turn that is watched, as the stream events of its response. */
import type { Source } from '../event-stream.js';
import type { Told, Watcher } from '../hub/watcher.js';
import type { ResponseStream } from './response-stream.js';
import { turnEventsIn } from './turn-events-in.js';
import type { WireEvent } from './wire-event.js';

const encoder = new TextEncoder();
/** Open Responses ends every stream so. */
const DONE = encoder.encode('data: [DONE]\n\n');

export interface ResponseSourceOptions {
  readonly watcher: Watcher;
  readonly stream: ResponseStream;
  /** Events up to this number are not told again. */
  readonly startingAfter: number;
}

export class ResponseSource implements Source {
  /** Clients of this API go on behind a sequence number, not behind a cursor. */
  readonly cursor = undefined;
  readonly #watcher: Watcher;
  readonly #stream: ResponseStream;
  readonly #startingAfter: number;
  #done = false;

  constructor({ watcher, stream, startingAfter }: ResponseSourceOptions) {
    this.#watcher = watcher;
    this.#stream = stream;
    this.#startingAfter = startingAfter;
  }

  async next(): Promise<Told> {
    for (;;) {
      const told = await this.#watcher.next();
      if (told.kind === 'ended') return this.#ended();
      if (told.kind !== 'events') return told;
      const events = turnEventsIn(told.bytes)
        .flatMap((event) => this.#stream.take(event))
        .filter(({ sequence_number }) => sequence_number > this.#startingAfter);
      if (events.length > 0)
        return { kind: 'events', events: events.length, bytes: frames(events), cursor: '' };
    }
  }

  close(): void {
    this.#watcher.close();
  }

  #ended(): Told {
    if (this.#done || !this.#stream.ended) return { kind: 'ended' };
    this.#done = true;
    return { kind: 'events', events: 0, bytes: DONE, cursor: '' };
  }
}

function frames(events: readonly WireEvent[]): Uint8Array {
  return encoder.encode(
    events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
  );
}
