/**
 * One turn, read once for all who watch it. The reading begins at the turn's start and goes on at the pace of
 * the fastest watcher, so that a turn is never read into memory for nobody; what slower ones have not taken is
 * kept within a number of bytes.
 */
import { Bell } from './bell.js';
import { Window } from './window.js';
import type { Entry } from './window.js';

/** One who follows the channel. */
export interface Follower {
  /** Offset of the event that it takes next; undefined as long as it reads for itself. */
  readonly position: number | undefined;
  wake(): void;
}

export type ChannelState =
  { readonly at: 'reading' } | { readonly at: 'ended' } | { readonly at: 'failed'; readonly error: unknown };

export class Channel {
  readonly window = new Window();
  readonly startedAt = performance.now();
  state: ChannelState = { at: 'reading' };
  /** Resolves when the first event is there, or none will come. */
  readonly opened: Promise<void>;
  #open: () => void = () => {};
  readonly #followers = new Set<Follower>();
  readonly #taken = new Bell();
  readonly #rung = new Bell();
  readonly #stop = new AbortController();
  #ringing = false;

  /** `budget` says how many bytes the window may hold now. */
  constructor(read: (signal: AbortSignal) => AsyncIterable<Entry>, budget: () => number) {
    this.opened = new Promise((resolve) => {
      this.#open = resolve;
    });
    void this.#read(read, budget);
  }

  get followers(): number {
    return this.#followers.size;
  }

  /** Whether somebody who comes now can be told everything from the start. */
  get isWhole(): boolean {
    return this.window.first === 0;
  }

  join(follower: Follower): void {
    this.#followers.add(follower);
    this.#taken.ring();
  }

  leave(follower: Follower): void {
    this.#followers.delete(follower);
    this.#taken.ring();
  }

  /** A follower has gone on. */
  taken(): void {
    this.#taken.ring();
  }

  stop(): void {
    this.#stop.abort();
    this.#taken.ring();
  }

  async #read(read: (signal: AbortSignal) => AsyncIterable<Entry>, budget: () => number): Promise<void> {
    const { signal } = this.#stop;
    let unheard = 0;
    try {
      for await (const entry of read(signal)) {
        this.window.append(entry);
        this.#open();
        this.window.trim(budget(), this.#fastest() ?? this.window.next);
        this.#ring();
        unheard += entry.frame.byteLength;
        // Those who wait for news must hear of it before it makes room for more.
        if (unheard > budget() / 4) {
          await this.#rung.wait();
          unheard = 0;
        }
        while (!signal.aborted && this.#isFarAhead(budget() / 2)) await this.#taken.wait();
      }
      this.state = { at: 'ended' };
    } catch (error) {
      this.state = { at: 'failed', error };
    }
    this.#open();
    this.#ring();
  }

  #fastest(): number | undefined {
    let fastest: number | undefined;
    for (const { position } of this.#followers) {
      if (position !== undefined && position > (fastest ?? -1)) fastest = position;
    }
    return fastest;
  }

  #isFarAhead(bytes: number): boolean {
    if (this.window.bytes <= bytes) return false;
    if (this.#followers.size === 0) return true;
    const fastest = this.#fastest();
    return fastest !== undefined && this.window.bytesFrom(fastest) > bytes;
  }

  /** Events that come together are told together. */
  #ring(): void {
    if (this.#ringing) return;
    this.#ringing = true;
    setImmediate(() => {
      this.#ringing = false;
      for (const follower of this.#followers) follower.wake();
      this.#rung.ring();
    });
  }
}
