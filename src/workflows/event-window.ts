/** The events of a turn for the query `events`: offsets from 0, pages by bytes, a bounded memory. */
import type { TurnEvent } from '../events/turn-event.js';
import { utf8Bytes } from '../events/bytes.js';
import type { EventsPage, EventsQuery } from '../protocol/definitions.js';

const PAGE_BYTES = 1024 * 1024;
/** For each cached run of a worker; whoever wants more reads the history. */
const KEPT_BYTES = 4 * 1024 * 1024;

export class EventWindow {
  #first: number;
  #bytes = 0;
  #kept: { readonly event: TurnEvent; readonly bytes: number }[] = [];

  /** `first`: how many events earlier runs have told. */
  constructor(first = 0) {
    this.#first = first;
  }

  /** Offset of the next event. */
  get next(): number {
    return this.#first + this.#kept.length;
  }

  push(events: readonly TurnEvent[]): void {
    for (const event of events) {
      const bytes = utf8Bytes(JSON.stringify(event)) + 1;
      this.#kept.push({ event, bytes });
      this.#bytes += bytes;
    }
    if (this.#bytes > KEPT_BYTES) this.#forgetOldest();
  }

  /** At least one event where there is one, so that a reader always gets on. */
  page(query: EventsQuery | null = {}): EventsPage {
    const offset = natural(query?.offset, 0);
    const limit = Math.max(1, natural(query?.limit, Infinity));
    if (offset < this.#first) return { error: { code: 'offset_too_old', first: this.#first } };
    const events: TurnEvent[] = [];
    let bytes = 0;
    for (const entry of this.#kept.slice(offset - this.#first)) {
      bytes += entry.bytes;
      if (events.length >= limit || (events.length > 0 && bytes > PAGE_BYTES)) break;
      events.push(entry.event);
    }
    return { events, next: offset + events.length, first: this.#first };
  }

  #forgetOldest(): void {
    let count = 0;
    // The newest one stays, however large it is: a reader must get on.
    for (const { bytes } of this.#kept.slice(0, -1)) {
      if (this.#bytes <= KEPT_BYTES) break;
      this.#bytes -= bytes;
      count += 1;
    }
    this.#kept = this.#kept.slice(count);
    this.#first += count;
  }
}

/** Queries come from any language: what is no natural number counts as not said. */
function natural(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : otherwise;
}
