/**
 * Everybody who watches turns and sessions in this process. Each is read once, however many watch it: the first watcher
 * begins the reading, and it ends a little after the last one has left. Knows nothing of HTTP.
 */
import { Channel } from './channel.js';
import { Slots } from './slots.js';
import { Watcher } from './watcher.js';
import type { Entry } from './window.js';

/** What is watched. */
export interface Subject {
  readonly kind: 'turn' | 'session';
  readonly id: string;
}

export interface HubOptions {
  /** Reads from the start or behind a cursor, until the turn has ended or the signal is aborted. */
  readonly read: (
    subject: Subject,
    options: { readonly after?: string; readonly signal: AbortSignal },
  ) => AsyncIterable<Entry>;
  /** Bytes of events that are kept of one turn. */
  readonly turnBytes: number;
  /** Bytes of events that are kept of all turns; each keeps at least a 64th of `turnBytes`. */
  readonly totalBytes: number;
  readonly maxWatchers: number;
  /** A turn that nobody watches any more is read on for so long. */
  readonly lingerMs: number;
  /** See WatcherOptions. */
  readonly graceMs: number;
  /** Readings for one watcher alone that run at once. */
  readonly maxCatchUps: number;
}

export class TooManyWatchersError extends Error {
  override readonly name = 'TooManyWatchersError';
}

const SMALLEST_SHARE = 64;

export class Hub {
  readonly #options: HubOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #lingering = new Map<Channel, NodeJS.Timeout>();
  readonly #watchers = new Set<Watcher>();
  readonly #slots: Slots;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#slots = new Slots(options.maxCatchUps);
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** Shared readings under way. */
  get readers(): number {
    return [...this.#channels.values()].filter(({ state }) => state.at === 'reading').length;
  }

  /** Bytes of events that are kept. */
  get bytes(): number {
    return [...this.#channels.values()].reduce((sum, { window }) => sum + window.bytes, 0);
  }

  /**
   * For those who first start what they then watch.
   * @throws TooManyWatchersError
   */
  checkRoom(): void {
    if (this.#watchers.size < this.#options.maxWatchers) return;
    throw new TooManyWatchersError(`There are ${this.#watchers.size} watchers already.`);
  }

  /**
   * Close it when you are done.
   * @throws TooManyWatchersError
   */
  watch(subject: Subject, after?: string): Watcher {
    const key = `${subject.kind} ${subject.id}`;
    this.checkRoom();
    const channel = this.#channelOf(key, subject);
    const watcher = new Watcher({
      after,
      channel,
      read: (from, signal) =>
        this.#options.read(subject, { ...(from === undefined ? {} : { after: from }), signal }),
      slots: this.#slots,
      graceMs: this.#options.graceMs,
      onClose: () => {
        this.#watchers.delete(watcher);
        if (channel.followers === 0) this.#linger(key, channel);
      },
    });
    this.#watchers.add(watcher);
    return watcher;
  }

  /** Cuts all watchers, and ends all readings. */
  close(): void {
    for (const watcher of this.#watchers) watcher.cut('shutdown');
    for (const [key, channel] of this.#channels) this.#drop(key, channel);
  }

  #channelOf(key: string, subject: Subject): Channel {
    const known = this.#channels.get(key);
    // What failed may work now; those who watched it have been told.
    if (known && known.state.at !== 'failed') {
      clearTimeout(this.#lingering.get(known));
      this.#lingering.delete(known);
      return known;
    }
    if (known) this.#drop(key, known);
    const channel = new Channel(
      (signal) => this.#options.read(subject, { signal }),
      () => this.#budget(),
    );
    this.#channels.set(key, channel);
    return channel;
  }

  #budget(): number {
    const { turnBytes, totalBytes } = this.#options;
    return Math.max(turnBytes / SMALLEST_SHARE, Math.min(turnBytes, totalBytes / this.#channels.size));
  }

  #linger(key: string, channel: Channel): void {
    if (this.#channels.get(key) !== channel) return;
    const timer = setTimeout(() => this.#drop(key, channel), this.#options.lingerMs);
    timer.unref();
    this.#lingering.set(channel, timer);
  }

  #drop(key: string, channel: Channel): void {
    clearTimeout(this.#lingering.get(channel));
    this.#lingering.delete(channel);
    channel.stop();
    if (this.#channels.get(key) === channel) this.#channels.delete(key);
  }
}
