/**
 * One who watches a turn: takes chunks at its own pace, from the channel's window where that holds its place,
 * else from a reading of its own until it meets the window.
 */
import { Bell } from './bell.js';
import { CatchUp } from './catch-up.js';
import type { Channel, Follower } from './channel.js';
import type { Slots } from './slots.js';
import type { Chunk, Entry } from './window.js';

/** `slow_client`: the others are so far ahead that its place is gone. `shutdown`: the process ends. */
export type CutReason = 'slow_client' | 'shutdown';

export type Told =
  | ({ readonly kind: 'events' } & Pick<Chunk, 'bytes' | 'events' | 'cursor'>)
  /** The turn has ended, and all is told. */
  | { readonly kind: 'ended' }
  /** Go on elsewhere, or later, behind the last event that was told. */
  | { readonly kind: 'cut'; readonly reason: CutReason }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface WatcherOptions {
  readonly after: string | undefined;
  readonly channel: Channel;
  readonly read: (after: string | undefined, signal: AbortSignal) => AsyncIterable<Entry>;
  readonly slots: Slots;
  /** A channel that has just begun is given so many ms to come to the watcher's place. */
  readonly graceMs: number;
  readonly onClose: () => void;
}

export class Watcher implements Follower {
  position: number | undefined;
  /** Of the last event that was told; before the first the one that it began with. */
  cursor: string | undefined;
  readonly #channel: Channel;
  readonly #onClose: () => void;
  readonly #bell = new Bell();
  #catchUp: CatchUp | undefined;
  #cut: CutReason | undefined;
  #closed = false;

  constructor({ after, channel, read, slots, graceMs, onClose }: WatcherOptions) {
    this.#channel = channel;
    this.#onClose = onClose;
    this.cursor = after;
    channel.join(this);
    this.#meet();
    if (this.position !== undefined) return;
    const age = performance.now() - channel.startedAt;
    const catchUp = new CatchUp(() => this.wake());
    this.#catchUp = catchUp;
    void catchUp.read((signal) => read(after, signal), { slots, grace: after ? graceMs - age : 0 });
  }

  /** Resolves when the turn's first event was read, or none will be. */
  get opened(): Promise<void> {
    return this.#channel.opened;
  }

  /** What comes next; waits for it. One call at a time. After `close` there is nothing more. */
  async next(): Promise<Told> {
    for (;;) {
      const told = this.#now();
      if (told) return told;
      await this.#bell.wait();
    }
  }

  wake(): void {
    this.#bell.ring();
  }

  cut(reason: CutReason): void {
    this.#cut ??= reason;
    this.wake();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.wake();
    this.#catchUp?.stop();
    this.#channel.leave(this);
    this.#onClose();
  }

  #now(): Told | undefined {
    if (this.#closed) return { kind: 'ended' };
    if (this.#cut) return { kind: 'cut', reason: this.#cut };
    this.#meet();
    return this.position === undefined ? this.#ofCatchUp() : this.#ofChannel(this.position);
  }

  /** Goes over to the window as soon as that holds the place where the watcher stands. */
  #meet(): void {
    if (this.position !== undefined) return;
    const { window, isWhole } = this.#channel;
    const next = this.#catchUp?.next;
    const seen = this.cursor === undefined ? undefined : window.offsetOf(this.cursor);
    if (this.cursor === undefined && isWhole) this.position = 0;
    else if (seen !== undefined) this.position = seen + 1;
    else if (next !== undefined) this.position = window.offsetOf(next);
    if (this.position === undefined) return;
    this.#catchUp?.stop();
    this.#catchUp = undefined;
  }

  #ofChannel(position: number): Told | undefined {
    const { window, state } = this.#channel;
    if (position < window.first) return { kind: 'cut', reason: 'slow_client' };
    const chunk = window.chunk(position);
    if (chunk) {
      this.position = chunk.next;
      this.cursor = chunk.cursor;
      this.#channel.taken();
      return { kind: 'events', ...chunk };
    }
    switch (state.at) {
      case 'reading':
        return undefined;
      case 'ended':
        return { kind: 'ended' };
      case 'failed':
        return { kind: 'failed', error: state.error };
      default:
        return state satisfies never;
    }
  }

  #ofCatchUp(): Told | undefined {
    const chunk = this.#catchUp?.take();
    if (chunk) {
      this.cursor = chunk.cursor;
      return { kind: 'events', ...chunk };
    }
    const { window, state: shared } = this.#channel;
    // A turn that nobody can read: no need to try it again for this watcher.
    const state = shared.at === 'failed' && window.next === 0 ? shared : this.#catchUp?.state;
    if (state?.at === 'failed') return { kind: 'failed', error: state.error };
    if (state?.at === 'ended') return { kind: 'ended' };
    return undefined;
  }
}
