/**
 * A reading of one watcher alone: of what the channel does not hold (any more), from the watcher's cursor on. It
 * never has more in hand than is written at once, so a slow client slows it down.
 */
import { Bell } from './bell.js';
import type { Slots } from './slots.js';
import { CHUNK_BYTES, joined } from './window.js';
import type { Chunk, Entry } from './window.js';

/** So long may a reading be silent before another one gets its slot: it waits for news then, and costs little. */
const SILENCE_MS = 2000;

export class CatchUp {
  state: { readonly at: 'reading' | 'ended' } | { readonly at: 'failed'; readonly error: unknown } = {
    at: 'reading',
  };
  #inHand: Entry[] = [];
  #bytes = 0;
  readonly #taken = new Bell();
  readonly #stop = new AbortController();
  readonly #news: () => void;

  constructor(news: () => void) {
    this.#news = news;
  }

  /** The cursor of the event that it gives next. */
  get next(): string | undefined {
    return this.#inHand[0]?.id;
  }

  take(): Omit<Chunk, 'next'> | undefined {
    if (this.#inHand.length === 0) return undefined;
    const chunk = joined(this.#inHand);
    this.#inHand = [];
    this.#bytes = 0;
    this.#taken.ring();
    return chunk;
  }

  stop(): void {
    this.#inHand = [];
    this.#stop.abort();
    this.#taken.ring();
  }

  /** Begins after `grace` ms, when a slot is free. */
  async read(
    open: (signal: AbortSignal) => AsyncIterable<Entry>,
    { slots, grace }: { readonly slots: Slots; readonly grace: number },
  ): Promise<void> {
    const { signal } = this.#stop;
    if (grace > 0) await pause(grace, signal);
    const release = await slots.take(signal);
    if (!release) return;
    let silence = setTimeout(release, SILENCE_MS);
    try {
      for await (const entry of open(signal)) {
        clearTimeout(silence);
        this.#inHand.push(entry);
        this.#bytes += entry.frame.byteLength;
        this.#news();
        while (this.#bytes >= CHUNK_BYTES && !signal.aborted) await this.#taken.wait();
        if (signal.aborted) return;
        silence = setTimeout(release, SILENCE_MS);
      }
      this.state = { at: 'ended' };
    } catch (error) {
      if (signal.aborted) return;
      this.state = { at: 'failed', error };
    } finally {
      clearTimeout(silence);
      release();
    }
    this.#news();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
