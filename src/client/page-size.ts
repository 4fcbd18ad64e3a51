/** How many history events to ask for at once: many, and fewer where they are too large for a connection. Pure. */

const PAGE_EVENTS = 128;

/**
 * A page that passes the message limit of a connection (4 MiB, unless its channelArgs say more) is refused with
 * RESOURCE_EXHAUSTED, which the SDK's connection retries by itself until the deadline of the call. So a deadline
 * that passes while events are at hand says the same as a refusal.
 */
export class PageSize {
  #size = PAGE_EVENTS;
  /** Never more than what is known to be too much. */
  #greatest = PAGE_EVENTS;
  /** More events are at hand than were read. */
  #behind = true;
  #silences = 0;

  get events(): number {
    return this.#size;
  }

  came(events: number): void {
    this.#behind = events >= this.#size;
    this.#silences = 0;
    if (this.#behind) this.#size = Math.min(this.#greatest, this.#size * 2);
  }

  /** @returns false when there is nothing less to ask for. */
  refused(): boolean {
    if (this.#size === 1) return false;
    this.#size = Math.ceil(this.#size / 2);
    this.#greatest = this.#size;
    return true;
  }

  /** Nothing came in time. Of a turn in which nothing happens that is what one expects, once. */
  silent(): boolean {
    if (this.#behind) return this.refused();
    this.#silences += 1;
    if (this.#silences > 1) this.#size = Math.ceil(this.#size / 2);
    return true;
  }
}
